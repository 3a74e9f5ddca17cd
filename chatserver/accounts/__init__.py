"""The people's own store, beside the history and not derived from it: `accounts.sqlite3`.

`service` is what the server holds, `store` the file, `schema` its tables, `picture` what lies in memory; `passwords`,
`guesses` and `invitations` are the rules of what they are called after.
"""

from chatserver.accounts.picture import Account, Device, Hook, Invitation, Preferences
from chatserver.accounts.schema import AccountsError
from chatserver.accounts.service import Access, Accounts

__all__ = ["Access", "Account", "Accounts", "AccountsError", "Device", "Hook", "Invitation", "Preferences"]
