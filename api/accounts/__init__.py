"""Who is asking, what may they do, and can it be shown afterwards? Accounts, devices, keys, four eyes, the audit trail."""
