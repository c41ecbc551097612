//! A fresh AIValid for each test: SQLite in a temporary folder, cheap password hashing, a clock that only tests move.

use crate::{budget, client::Client};
use aivalid_model::{
    Timestamp,
    audit::AuditFilter,
    community::CategoryKind,
    id::{ThreadId, UserId},
    identity::Role,
};
use aivalid_server::{
    app::{App, Outside},
    config::Config,
    outside::OsRandom,
};
use aivalid_service::{
    jobs::JobKind,
    ports::Clock,
    store::{NewBadge, NewCategory, NewUser, UserCreated},
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{
        Arc, Once,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
    time::Duration,
};

/// Where browsers reach the server, unless a test says otherwise.
pub const ORIGIN: &str = "http://localhost:3000";
/// Everybody's password.
pub const PASSWORD: &str = "kuda lumping hijau";
/// When every test begins.
pub const BEGIN: Timestamp = Timestamp::from_secs(1_795_004_800);
/// [`BEGIN`] as the API writes it.
pub const BEGIN_TEXT: &str = "2026-11-18T12:26:40Z";
/// Accounts of [`World::user`] are older than what counts as new.
const ACCOUNT_AGE: Duration = Duration::from_secs(3 * DAY);
/// Seconds.
pub const DAY: u64 = 24 * 60 * 60;

/// Time stands still until a test moves it.
pub struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// A mail from the outbox.
#[derive(Clone, Debug)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub lang: String,
    pub body: String,
}

/// A whole AIValid.
pub struct World {
    pub app: App,
    clock: Arc<TestClock>,
    folder: Arc<tempfile::TempDir>,
    origin: String,
    addresses: AtomicU32,
}

impl World {
    /// With the settings of development.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With further settings.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        let world = Self::open(settings, Arc::new(TestClock(AtomicI64::new(BEGIN.0)))).await;
        world.make_category("umum", CategoryKind::Forum, 1).await;
        world.make_category("metode", CategoryKind::Forum, 2).await;
        world.make_category("model-ai", CategoryKind::Case, 3).await;
        world
    }

    /// Another instance, under the same clock; which database it shares is in the settings.
    pub async fn beside(other: &Self, settings: &[(&str, &str)]) -> Self {
        Self::open(settings, other.clock.clone()).await
    }

    async fn open(settings: &[(&str, &str)], clock: Arc<TestClock>) -> Self {
        at_the_workspace_root();
        budget::log_and_count();
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let mut vars: HashMap<String, String> = HashMap::from([
            ("DATA_DIR".to_owned(), folder.path().display().to_string()),
            ("ARGON2_MEMORY_KIB".to_owned(), "64".to_owned()),
            ("ARGON2_PASSES".to_owned(), "1".to_owned()),
            ("ANSWER_FLOOR_MS".to_owned(), "0".to_owned()),
        ]);
        vars.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let config = Config::from_vars(&vars).unwrap();
        let app = App::build(&config, Outside { clock: clock.clone(), random: Arc::new(OsRandom) }).await.unwrap();
        Self { app, clock, folder, origin: config.origin, addresses: AtomicU32::new(1) }
    }

    async fn make_category(&self, slug: &str, kind: CategoryKind, position: i64) {
        let [name_id, name_en, description_id, description_en] =
            ["Nama", "Name", "Uraian", "Description"].map(|word| format!("{word} {slug}"));
        let (colour, icon) = ("teal".to_owned(), "messages-square".to_owned());
        let new = NewCategory { slug: slug.to_owned(), kind, name_id, name_en, description_id, description_en, colour, icon, position };
        self.app.service.stores().catalog.category_create(&new).await.unwrap().unwrap();
    }

    /// A badge, granted.
    pub async fn grant_badge(&self, to: &Client, slug: &str) {
        let [name_id, name_en, description_id, description_en] =
            ["Nama", "Name", "Uraian", "Description"].map(|word| format!("{word} {slug}"));
        let (icon, colour) = ("award".to_owned(), "teal".to_owned());
        let new = NewBadge { slug: slug.to_owned(), name_id, name_en, description_id, description_en, icon, colour };
        let stores = self.app.service.stores();
        let badge = stores.catalog.badge_create(&new).await.unwrap().unwrap();
        stores.users.user_grant_badge(UserId(to.id), badge, "Sepuluh kasus rampung", self.now()).await.unwrap();
    }

    /// A moderator's deed for which there is no endpoint yet.
    pub async fn lock_thread(&self, id: i64) {
        assert!(self.app.service.stores().threads.thread_set_flags(ThreadId(id), false, true).await.unwrap());
    }

    /// Where this instance keeps its files.
    pub fn data_dir(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Moves the clock.
    pub fn pass(&self, by: Duration) {
        self.clock.0.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }

    /// Moves the clock by seconds.
    pub fn pass_secs(&self, by: u64) {
        self.pass(Duration::from_secs(by));
    }

    /// Somebody without an account, from an address of their own, who is a program.
    pub fn anon(&self) -> Client {
        let number = self.addresses.fetch_add(1, Ordering::SeqCst);
        Client::new(self.app.router.clone(), self.folder.clone(), &self.origin, number)
    }

    /// The same in a browser, which keeps cookies and says where a request comes from.
    pub fn browser(&self) -> Client {
        self.anon().with_cookies()
    }

    /// A user with a confirmed address, signed in.
    pub async fn user(&self, name: &str) -> Client {
        self.account(name, Role::User, true, ACCOUNT_AGE).await
    }

    /// A user whose account is younger than a day.
    pub async fn new_user(&self, name: &str) -> Client {
        self.account(name, Role::User, true, Duration::ZERO).await
    }

    /// A user who did not confirm the address.
    pub async fn unverified(&self, name: &str) -> Client {
        self.account(name, Role::User, false, ACCOUNT_AGE).await
    }

    /// A moderator.
    pub async fn moderator(&self, name: &str) -> Client {
        self.account(name, Role::Moderator, true, ACCOUNT_AGE).await
    }

    /// An administrator.
    pub async fn admin(&self, name: &str) -> Client {
        self.account(name, Role::Admin, true, ACCOUNT_AGE).await
    }

    async fn account(&self, name: &str, role: Role, email_verified: bool, age: Duration) -> Client {
        let mut client = self.anon();
        let user = NewUser {
            id: UserId(7_000_000_000_000 + i64::from(client.number())),
            email: Some(email_of(name)),
            phone: None,
            username: name.to_owned(),
            password_hash: Some(self.app.service.password_hash(PASSWORD).await.unwrap()),
            locale: None,
            role,
            email_verified,
            device: None,
            terms_version: "2026-11".to_owned(),
            now: self.now().minus(age),
        };
        assert_eq!(self.app.service.stores().users.user_create(&user, i64::MAX).await.unwrap(), UserCreated::Done);
        client.id = user.id.0;
        client.name = name.to_owned();
        client.two_factors = (role != Role::User).then(|| self.app.service.clone());
        client.sign_in().await;
        client
    }

    /// Mails to an address, oldest first (those of one millisecond in any order), after the queue was worked off.
    pub async fn mails_to(&self, address: &str) -> Vec<Letter> {
        self.app.service.run_due_jobs(JobKind::Mail).await.unwrap();
        let Ok(folder) = std::fs::read_dir(self.folder.path().join("outbox")) else { return vec![] };
        let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.iter().map(|path| letter(&std::fs::read(path).unwrap())).filter(|letter| letter.to == address).collect()
    }

    /// SMS to a number, oldest first, after the queue was worked off.
    pub async fn sms_to(&self, number: &str) -> Vec<String> {
        self.app.service.run_due_jobs(JobKind::Sms).await.unwrap();
        let Ok(folder) = std::fs::read_dir(self.folder.path().join("sms")) else { return vec![] };
        let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
        // The test's clock stands still, the disk's does not.
        paths.sort_by_key(|path| std::fs::metadata(path).unwrap().modified().unwrap());
        let all = paths.iter().map(|path| serde_json::from_slice::<Value>(&std::fs::read(path).unwrap()).unwrap());
        all.filter(|sms| sms["to"] == number).map(|sms| sms["text"].as_str().unwrap().to_owned()).collect()
    }

    /// The code in the last SMS to a number.
    pub async fn code_to(&self, number: &str) -> String {
        let sms = self.sms_to(number).await;
        let words = sms.last().unwrap_or_else(|| panic!("no SMS to {number}")).split_whitespace();
        words.filter(|word| word.len() == 6).find(|word| word.bytes().all(|b| b.is_ascii_digit())).unwrap().to_owned()
    }

    /// The audit log's entries about somebody, oldest first: what, and by whom.
    pub async fn audit_about(&self, user: i64) -> Vec<(String, i64)> {
        let filter = AuditFilter { subject: Some(UserId(user)), ..AuditFilter::default() };
        let list = self.app.service.stores().audit.audit_list(&filter, None, 100).await.unwrap();
        list.into_iter().rev().map(|record| (record.entry.event, record.entry.actor.map_or(0, |id| id.0))).collect()
    }

    /// How many contents of a purpose there are.
    pub fn content_files(&self, purpose: &str) -> usize {
        self.contents(purpose).len()
    }

    fn contents(&self, purpose: &str) -> Vec<std::path::PathBuf> {
        let Ok(folder) = std::fs::read_dir(self.folder.path().join("files").join(purpose)) else { return vec![] };
        folder.map(|entry| entry.unwrap().path()).collect()
    }

    /// Changes every content of a purpose, as somebody with access to the disk could.
    pub fn change_contents(&self, purpose: &str, mut change: impl FnMut(&mut Vec<u8>)) {
        for path in self.contents(purpose) {
            let mut content = std::fs::read(&path).unwrap();
            change(&mut content);
            std::fs::write(&path, content).unwrap();
        }
    }

    /// Files that are nobody's: neither below `files` under a name of our own making, nor what every server has.
    pub fn stray_files(&self) -> Vec<String> {
        let root = self.folder.path();
        let name = |path: &std::path::Path| path.file_name().unwrap().to_string_lossy().into_owned();
        let list = |path: &std::path::Path| std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
        let expected = |name: &str| ["files", "outbox", "secrets", "sms"].contains(&name) || name.starts_with("aivalid.db");
        let mut stray: Vec<String> = list(root).iter().map(|path| name(path)).filter(|name| !expected(name)).collect();
        for purpose in list(&root.join("files")) {
            let is_ours = |name: &str| name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
            stray.extend(list(&purpose).iter().map(|path| name(path)).filter(|name| !is_ours(name)));
        }
        stray
    }

    /// The token of the only confirmation mail to an address.
    pub async fn verify_token(&self, address: &str) -> String {
        let mails = self.mails_to(address).await;
        let tokens: Vec<_> = mails.iter().filter_map(|mail| mail.body.split_once("/verify?token=")).collect();
        assert_eq!(tokens.len(), 1, "{mails:?}");
        tokens[0].1.split_whitespace().next().unwrap().to_owned()
    }
}

/// The address of an account of [`World::user`].
pub fn email_of(name: &str) -> String {
    format!("{name}@contoh.id")
}

fn letter(bytes: &[u8]) -> Letter {
    let message = mail_parser::MessageParser::default().parse(bytes).unwrap();
    let to = message.to().unwrap().first().unwrap().address().unwrap().to_owned();
    let lang = message.header_raw("Content-Language").unwrap().trim().to_owned();
    Letter { to, subject: message.subject().unwrap().to_owned(), lang, body: message.body_text(0).unwrap().replace("\r\n", "\n") }
}

/// `Leptos.toml` is found from there.
fn at_the_workspace_root() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap());
}

/// A thread as a client sends it.
pub fn thread(title: &str) -> Value {
    json!({
        "category": "umum",
        "title": title,
        "content": {"type": "markdown", "text": "Dua penilai, 200 butir, kappa **0,61**. Cukupkah? 🤔"},
        "tags": ["kappa", "anotasi"],
    })
}

/// A case as a client sends it.
pub fn case(title: &str) -> Value {
    json!({
        "category": "model-ai",
        "title": title,
        "content": {"type": "markdown", "text": "Periksa jawaban model atas 50 soal *kardiologi*."},
        "bountyAmount": 1_500_000,
        "tags": ["medis"],
        "deadline": "2026-12-24T00:00:00Z",
    })
}

/// Markdown as a reply.
pub fn reply(text: &str) -> Value {
    json!({ "content": text })
}
