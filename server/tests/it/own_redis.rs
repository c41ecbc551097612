//! A Redis of a test's own: it can be flushed, frozen, killed and started again.

use std::{
    io::{Read, Write},
    os::unix::net::UnixStream,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// On a socket in a temporary folder; it ends with the test.
pub struct OwnRedis {
    folder: tempfile::TempDir,
    process: Child,
}

impl OwnRedis {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let process = launch(&folder.path().join("redis.sock"));
        Self { folder, process }
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    /// For `REDIS_URL`.
    pub fn url(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// Forgets everything.
    pub fn flush(&self) {
        assert_eq!(say(&self.socket(), "FLUSHALL").unwrap(), "+OK\r\n");
    }

    /// Nobody gets an answer until [`OwnRedis::thaw`]; nothing is lost.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// After [`OwnRedis::kill`]: empty, at the same address.
    pub fn start_again(&mut self) {
        self.process = launch(&self.socket());
    }

    fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.process.id().to_string()]).status().unwrap().success());
    }
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A process that answers.
fn launch(socket: &PathBuf) -> Child {
    let _ = std::fs::remove_file(socket);
    let mut process = Command::new("redis-server")
        .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"])
        .arg(socket)
        .stdout(Stdio::null())
        .spawn()
        .expect("scripts/setup test installs redis-server");
    let deadline = Instant::now() + Duration::from_secs(20);
    while say(socket, "PING").ok().as_deref() != Some("+PONG\r\n") {
        assert!(process.try_wait().unwrap().is_none() && Instant::now() < deadline, "redis-server does not start");
        std::thread::yield_now();
    }
    process
}

fn say(socket: &PathBuf, words: &str) -> std::io::Result<String> {
    let mut stream = UnixStream::connect(socket)?;
    stream.write_all(format!("{words}\r\n").as_bytes())?;
    let mut answer = [0; 64];
    let length = stream.read(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
}
