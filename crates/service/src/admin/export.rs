//! Taking the audit log, or a part of it, out of the house.

use crate::{Caller, Service, audit::Event};
use aivalid_model::{
    Error, Result,
    audit::{AuditEntry, AuditFilter},
    identity::{Permission, Requirement},
};
use futures::{Stream, stream};
use std::str::FromStr;

/// How entries are written into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportForm {
    /// Comma-separated values (RFC 4180), for spreadsheets.
    Csv,
    /// One JSON object on each line.
    Ndjson,
}

impl ExportForm {
    /// The word in addresses, which is also the file's ending.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Ndjson => "application/x-ndjson",
        }
    }

    fn begin(self) -> String {
        match self {
            Self::Csv => "id,at,event,outcome,actor,subject,target,session,ip,user_agent,request,details,seq,hash\r\n".to_owned(),
            Self::Ndjson => String::new(),
        }
    }

    fn write(self, entry: &AuditEntry) -> String {
        match self {
            Self::Csv => csv(entry),
            Self::Ndjson => serde_json::to_string(entry).map(|line| line + "\n").unwrap_or_default(),
        }
    }
}

impl FromStr for ExportForm {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Csv, Self::Ndjson].into_iter().find(|form| form.as_str() == text).ok_or(())
    }
}

/// Where an export stands.
enum Place {
    Begin,
    At(String),
    End,
}

impl Service {
    /// The entries as a file, newest first, a stretch at a time. It needs proof of who asks, and is noted itself.
    pub async fn admin_audit_export(
        &self,
        caller: &Caller,
        filter: AuditFilter,
        form: ExportForm,
    ) -> Result<impl Stream<Item = Result<String>> + Send + use<>> {
        caller.permitted(Permission::AuditRead)?;
        caller.require(Requirement::SUDO_WITH_TWO, self.now())?;
        let event = Event::new("audit.exported").detail("form", form.as_str()).detail("filter", format!("{filter:?}"));
        self.audit(caller, event).await?;
        let service = self.clone();
        Ok(stream::try_unfold(Place::Begin, move |place| {
            let (service, filter) = (service.clone(), filter.clone());
            async move {
                let (cursor, mut text) = match place {
                    Place::Begin => (None, form.begin()),
                    Place::At(cursor) => (Some(cursor), String::new()),
                    Place::End => return Ok::<_, Error>(None),
                };
                let stretch = service.audit_stretch(&filter, cursor.as_deref(), 100).await?;
                for entry in service.entries(stretch.items).await? {
                    text.push_str(&form.write(&entry));
                }
                Ok(Some((text, stretch.next.map_or(Place::End, Place::At))))
            }
        }))
    }
}

/// A line of CSV.
fn csv(entry: &AuditEntry) -> String {
    let person = |person: &Option<aivalid_model::audit::AuditPerson>| match person {
        Some(person) => format!("{} {}", person.id, person.username.as_deref().unwrap_or_default()).trim_end().to_owned(),
        None => String::new(),
    };
    let seal = entry.seal.as_ref();
    let cells = [
        entry.id.to_string(),
        entry.at.rfc3339(),
        entry.event.clone(),
        entry.outcome.as_str().to_owned(),
        person(&entry.actor),
        person(&entry.subject),
        entry.target.as_ref().map(|target| format!("{} {}", target.kind, target.id)).unwrap_or_default(),
        entry.session.map(|id| id.to_string()).unwrap_or_default(),
        entry.ip.clone(),
        entry.user_agent.clone(),
        entry.request_id.clone(),
        entry.details.to_string(),
        seal.map(|seal| seal.seq.to_string()).unwrap_or_default(),
        seal.map(|seal| seal.hash.clone()).unwrap_or_default(),
    ];
    cells.map(|text| cell(&text)).join(",") + "\r\n"
}

/// A cell. Spreadsheets take what begins with `=`, `+`, `-`, `@` or a tab for a formula, and user agents are what clients say they are:
/// such texts get an apostrophe before them.
fn cell(text: &str) -> String {
    let mark = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{mark}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        assert_eq!(cell(r#"a "b", c"#), r#""a ""b"", c""#);
        assert_eq!(cell("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
        assert_eq!(cell("-1"), "\"'-1\"");
    }
}
