trust-title = Trust checks
trust-question = Are the groups alike in everything but what is compared, and was every run counted?
