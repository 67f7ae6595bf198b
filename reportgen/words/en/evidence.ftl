evidence-title = Evidence
evidence-question = What did every run measure, and how far apart are the groups?
