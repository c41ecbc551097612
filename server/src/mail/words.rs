//! What mails say, in both languages.

use aivalid_model::Lang;
use aivalid_service::ports::{Mail, Message};

/// A mail's words.
pub(super) struct Letter {
    pub subject: String,
    pub body: String,
}

/// The words of a mail.
pub(super) fn letter(origin: &str, mail: &Mail) -> Letter {
    let (subject, paragraphs): (String, Vec<String>) = match (&mail.message, mail.lang) {
        (Message::VerifyEmail { username, token }, Lang::Id) => (
            "Konfirmasi alamat surel Anda".into(),
            vec![
                format!("Halo {username},"),
                "Buka tautan ini untuk mengonfirmasi alamat surel Anda. Tautan berlaku 24 jam dan hanya sekali.".into(),
                format!("{origin}/verify?token={token}"),
                "Kalau Anda tidak mendaftar, abaikan surat ini.".into(),
            ],
        ),
        (Message::VerifyEmail { username, token }, Lang::En) => (
            "Confirm your e-mail address".into(),
            vec![
                format!("Hello {username},"),
                "Open this link to confirm your e-mail address. It works once, within 24 hours.".into(),
                format!("{origin}/verify?token={token}"),
                "If you did not register, ignore this mail.".into(),
            ],
        ),
        (Message::AlreadyRegistered { username }, Lang::Id) => (
            "Anda sudah punya akun".into(),
            vec![
                format!("Halo {username},"),
                "Seseorang, mungkin Anda sendiri, mencoba mendaftar dengan alamat surel ini. Anda sudah punya akun; silakan masuk.".into(),
                format!("{origin}/login"),
                "Kalau bukan Anda, tidak ada yang perlu dilakukan: akun Anda tidak berubah.".into(),
            ],
        ),
        (Message::AlreadyRegistered { username }, Lang::En) => (
            "You already have an account".into(),
            vec![
                format!("Hello {username},"),
                "Someone, perhaps you, tried to register with this e-mail address. You have an account already; please sign in.".into(),
                format!("{origin}/login"),
                "If it was not you, there is nothing to do: your account has not changed.".into(),
            ],
        ),
        (Message::SessionReuse { username, ip }, Lang::Id) => (
            "Sebuah sesi Anda kami akhiri".into(),
            vec![
                format!("Halo {username},"),
                format!(
                    "Kunci sesi yang sudah terpakai digunakan lagi dari alamat {ip}. Itu bisa berarti kuncinya disalin orang, jadi sesi itu kami akhiri."
                ),
                format!("Masuk lagi dan periksa sesi Anda: {origin}/account/sessions"),
            ],
        ),
        (Message::SessionReuse { username, ip }, Lang::En) => (
            "We ended one of your sessions".into(),
            vec![
                format!("Hello {username},"),
                format!(
                    "A session key that had been used up was used again from the address {ip}. Someone may have copied it, so we ended that session."
                ),
                format!("Sign in again and look at your sessions: {origin}/account/sessions"),
            ],
        ),
    };
    Letter { subject, body: paragraphs.join("\n\n") }
}
