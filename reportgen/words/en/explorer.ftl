### The explorer of report.html. Its script has these messages as data, and puts the values in itself (web/words.js): what a message chooses by is a value.

explorer-title = Explore the runs
explorer-failed = This browser cannot unpack the data of the explorer. The report is complete without it.
explorer-explorer-page-could-made = The explorer of the page could not be made ({ $name }: { $error }).
explorer-please-report-bug = please report this as a bug
