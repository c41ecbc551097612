//! A mail server for tests: it speaks real SMTP on a port of its own, says what it is told to say, and keeps what it gets.

use base64::{Engine, engine::general_purpose::STANDARD};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
};

/// A name and a password that the sink accepts.
pub const USERNAME: &str = "aivalid";
pub const PASSWORD: &str = "sandi:surat é";

/// How connections are encrypted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    None,
    StartTls,
    Implicit,
}

/// A mail, as it came.
#[derive(Clone, Debug)]
pub struct Received {
    pub from: String,
    pub to: String,
    pub bytes: Vec<u8>,
}

/// What happened so far.
#[derive(Default)]
struct State {
    mails: Mutex<Vec<Received>>,
    /// Lines that clients said, passwords and mails left out.
    said: Mutex<Vec<String>>,
    /// Answers to the next RCPT commands; then 250.
    to_recipients: Mutex<VecDeque<&'static str>>,
    /// Answers to the next mails; then 250. An empty one: silence.
    to_mails: Mutex<VecDeque<&'static str>>,
    changed: Notify,
}

/// The server. It ends with the test's runtime.
pub struct Sink {
    pub port: u16,
    /// PEM of the certificate, for those who are to trust it.
    pub certificate: String,
    state: Arc<State>,
}

impl Sink {
    pub async fn open(encryption: Encryption) -> Self {
        let rcgen::CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, state) = (listener.local_addr().unwrap().port(), Arc::new(State::default()));
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (state, acceptor) = (shared.clone(), acceptor.clone());
                // A client may hang up at any time.
                tokio::spawn(async move { drop(connection(stream, encryption, &acceptor, &state).await) });
            }
        });
        Self { port, certificate: cert.pem(), state }
    }

    /// The settings of a server that sends through this one.
    pub fn settings(&self, tls: &'static str) -> Vec<(&'static str, String)> {
        vec![
            ("SMTP_HOST", "localhost".to_owned()),
            ("SMTP_PORT", self.port.to_string()),
            ("SMTP_TLS", tls.to_owned()),
            ("MAIL_FROM", "AIValid <no-reply@aivalid.example>".to_owned()),
        ]
    }

    pub fn mails(&self) -> Vec<Received> {
        self.state.mails.lock().unwrap().clone()
    }

    pub fn said(&self) -> Vec<String> {
        self.state.said.lock().unwrap().clone()
    }

    /// What to answer to the next recipients.
    pub fn answer_recipients(&self, answers: &[&'static str]) {
        self.state.to_recipients.lock().unwrap().extend(answers);
    }

    /// What to answer to the next mails; an empty answer never comes.
    pub fn answer_mails(&self, answers: &[&'static str]) {
        self.state.to_mails.lock().unwrap().extend(answers);
    }

    /// Waits until so many mails have come, whatever was answered to them.
    pub async fn has(&self, count: usize) -> Vec<Received> {
        loop {
            let changed = self.state.changed.notified();
            let mails = self.mails();
            if mails.len() >= count {
                return mails;
            }
            changed.await;
        }
    }
}

async fn connection(stream: TcpStream, encryption: Encryption, acceptor: &TlsAcceptor, state: &State) -> std::io::Result<()> {
    if encryption == Encryption::Implicit {
        let mut stream = BufReader::new(acceptor.accept(stream).await?);
        say(&mut stream, "220 sink").await?;
        return session(&mut stream, false, state).await.map(drop);
    }
    let mut stream = BufReader::new(stream);
    say(&mut stream, "220 sink").await?;
    if session(&mut stream, encryption == Encryption::StartTls, state).await? {
        let mut stream = BufReader::new(acceptor.accept(stream.into_inner()).await?);
        session(&mut stream, false, state).await?;
    }
    Ok(())
}

async fn say(stream: &mut (impl AsyncWrite + Unpin), line: &str) -> std::io::Result<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await?;
    stream.flush().await
}

/// Until the client leaves (false), or turns to TLS (true).
async fn session<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>, starttls: bool, state: &State) -> std::io::Result<bool> {
    let (mut from, mut to) = (String::new(), String::new());
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(false);
        }
        let line = line.trim_end();
        let word = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        state.said.lock().unwrap().push(if word == "AUTH" { word.clone() } else { line.to_owned() });
        match word.as_str() {
            "EHLO" if starttls => say(stream, "250-sink\r\n250 STARTTLS").await?,
            "EHLO" => say(stream, "250-sink\r\n250 AUTH PLAIN").await?,
            "STARTTLS" => {
                say(stream, "220 go ahead").await?;
                return Ok(true);
            }
            "AUTH" => {
                let expected = STANDARD.encode(format!("\0{USERNAME}\0{PASSWORD}"));
                let fits = line.strip_prefix("AUTH PLAIN ") == Some(expected.as_str());
                say(stream, if fits { "235 welcome" } else { "535 5.7.8 no such user aivalid@contoh.id" }).await?;
            }
            "MAIL" => {
                from = address(line);
                say(stream, "250 ok").await?;
            }
            "RCPT" => {
                to = address(line);
                let answer = state.to_recipients.lock().unwrap().pop_front().unwrap_or("250 ok");
                say(stream, answer).await?;
            }
            "DATA" => {
                say(stream, "354 go ahead").await?;
                let bytes = data(stream).await?;
                state.mails.lock().unwrap().push(Received { from: from.clone(), to: to.clone(), bytes });
                state.changed.notify_waiters();
                let answer = state.to_mails.lock().unwrap().pop_front().unwrap_or("250 ok");
                if !answer.is_empty() {
                    say(stream, answer).await?;
                }
            }
            "QUIT" => {
                say(stream, "221 bye").await?;
                return Ok(false);
            }
            _ => say(stream, "250 ok").await?,
        }
    }
}

/// A mail up to its lone dot, with doubled dots undone.
async fn data(stream: &mut (impl AsyncBufReadExt + Unpin)) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![];
    loop {
        let mut line = vec![];
        if stream.read_until(b'\n', &mut line).await? == 0 || line == b".\r\n" {
            return Ok(bytes);
        }
        bytes.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

fn address(line: &str) -> String {
    line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(String::new(), |(address, _)| address.to_owned())
}
