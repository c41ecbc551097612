//! What administrators do: finding accounts, changing roles, suspending, ending sessions, granting badges, reading the audit log.
//!
//! Every deed needs its permission, a session that showed two factors and proved once more who it belongs to (sudo), and a
//! reason, and stands in the audit log. Nobody changes their own role or suspends themselves, and the last administrator stays. To add a queue:
//! its use cases in a module here, its page in the app's `pages/admin`, and its line on the start page there.

mod accounts;
mod deeds;
mod export;
mod log;
mod profile;

pub use export::ExportForm;

use crate::{Caller, Service, SignedIn, store::Deed};
use aivalid_model::{
    Error, Result,
    admin::AdminError,
    check::Problem,
    id::UserId,
    identity::{Permission, Requirement},
};

impl Caller {
    /// The signed-in user, if they have a permission: 401 for guests, 403 for others.
    pub fn permitted(&self, permission: Permission) -> Result<&SignedIn> {
        let user = self.signed_in()?;
        if user.permissions.has(permission) { Ok(user) } else { Err(Error::Forbidden) }
    }
}

impl Service {
    /// Who may do something to accounts, having proved once more who they are, with two factors.
    fn steward<'c>(&self, caller: &'c Caller) -> Result<&'c SignedIn> {
        caller.permitted(Permission::UsersManage)?;
        caller.require(Requirement::SUDO_WITH_TWO, self.now())
    }

    /// The same for what nobody may do to themselves.
    fn steward_of<'c>(&self, caller: &'c Caller, other: UserId) -> Result<&'c SignedIn> {
        let steward = self.steward(caller)?;
        if steward.id == other { Err(AdminError::OwnAccount.into()) } else { Ok(steward) }
    }

    /// Whether the caller may act on accounts at present: for pages, which ask for the proof before they show a form.
    pub fn admin_check(&self, caller: &Caller) -> Result<()> {
        self.steward(caller).map(drop)
    }
}

/// What a deed that was not done means for its caller.
fn done(deed: Deed) -> Result<()> {
    match deed {
        Deed::Done => Ok(()),
        Deed::Otherwise => Err(AdminError::NothingToDo.into()),
        Deed::LastAdmin => Err(AdminError::LastAdmin.into()),
        Deed::NameTaken => Err(Error::field("username", Problem::Taken)),
        Deed::Missing => Err(Error::NotFound),
    }
}
