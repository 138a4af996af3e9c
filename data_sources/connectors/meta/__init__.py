"""Facebook pages, Instagram accounts and Threads accounts: one Graph API, three networks."""
