explorer-explorer-page-could-made = The explorer of the page could not be made ({ $name }: { $error }).
explorer-please-report-bug = please report this as a bug
