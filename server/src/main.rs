//! The `aivalid` command.

use aivalid_server::{commands, config::Config, telemetry};
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Pages are made of many small pieces of text, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `AIValid`: a community and a marketplace for validation.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves pages and the JSON API.
    Serve,
    /// Brings the database up to date and ends.
    Migrate,
    /// Fills an empty database with a demonstration data set.
    Seed {
        /// How much: `demo` (80 people, 400 threads, 150 cases) or `large` (100,000 threads, 1,000,000 replies).
        #[arg(long, value_enum, default_value = "demo")]
        scale: commands::seed::Scale,
        /// Does nothing, and says so, when the database already has accounts.
        #[arg(long)]
        if_empty: bool,
    },
    /// Manages administrators.
    Admin {
        #[command(subcommand)]
        command: Admin,
    },
    /// Checks that the audit log and the cases' logs are as they were written; fails with the first break.
    Verify {
        /// A place in the audit log and its hash, as the server's log noted them: `SEQ:HASH`.
        #[arg(long)]
        anchor: Option<String>,
    },
    /// Looks after letters that could not be delivered.
    Mail {
        #[command(subcommand)]
        command: Mail,
    },
    /// Makes a list of known passwords for `BREACHED_PASSWORDS` from files with one password a line.
    Passwords {
        /// Where the list is written.
        #[arg(long)]
        out: std::path::PathBuf,
        /// The files.
        #[arg(required = true)]
        files: Vec<std::path::PathBuf>,
    },
    /// Writes the OpenAPI document to standard output.
    Openapi,
}

#[derive(Subcommand)]
enum Admin {
    /// Makes an administrator's account; asks for the password on standard input.
    Create {
        /// The e-mail address.
        #[arg(long)]
        email: String,
        /// The username.
        #[arg(long)]
        username: String,
    },
}

#[derive(Subcommand)]
enum Mail {
    /// Lists letters that were given up, newest first.
    List {
        /// Those that wait instead.
        #[arg(long)]
        waiting: bool,
    },
    /// Brings letters back that were given up.
    Retry {
        /// The number of one, from the list.
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        id: Option<i64>,
        /// All of them.
        #[arg(long)]
        all: bool,
    },
    /// Delivers what is due now and ends.
    Send,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write;
            // Nothing is left to do when even this can't be written.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    if let Command::Openapi = arguments.command {
        return commands::openapi::run();
    }
    if let Command::Passwords { out, files } = arguments.command {
        return commands::passwords::run(&out, &files);
    }
    let config = Config::load()?;
    telemetry::init(config.log_json);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match arguments.command {
            Command::Serve => commands::serve::run(&config).await,
            Command::Migrate => commands::migrate::run(&config).await,
            Command::Seed { scale, if_empty } => commands::seed::run(&config, scale, if_empty).await,
            Command::Admin { command: Admin::Create { email, username } } => commands::admin::create(&config, email, username).await,
            Command::Verify { anchor } => commands::verify::run(&config, anchor.as_deref()).await,
            Command::Mail { command: Mail::List { waiting } } => commands::mail::list(&config, waiting).await,
            Command::Mail { command: Mail::Retry { id, .. } } => commands::mail::retry(&config, id).await,
            Command::Mail { command: Mail::Send } => commands::mail::send(&config).await,
            Command::Passwords { out, files } => commands::passwords::run(&out, &files),
            Command::Openapi => commands::openapi::run(),
        }
    })
}
