//! A proxy before a test service, to take the network away.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::Mutex,
    task::JoinSet,
};

pub(crate) struct Proxy {
    port: u16,
    open: Arc<AtomicBool>,
    connections: Arc<Mutex<JoinSet<()>>>,
}

impl Proxy {
    /// In front of the service at a URL's host and port.
    pub(crate) async fn open(address: &str) -> Self {
        let authority = address.split("//").nth(1).unwrap().trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (open, connections) = (Arc::new(AtomicBool::new(true)), Arc::new(Mutex::new(JoinSet::new())));
        let (accepting, kept) = (Arc::clone(&open), Arc::clone(&connections));
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let mut kept = kept.lock().await;
                // Checked under the lock, so that none slips in while connections are being cut. A dropped one is closed.
                if accepting.load(Ordering::SeqCst) {
                    let mut service = TcpStream::connect(&authority).await.unwrap();
                    kept.spawn(async move {
                        // How a connection ends is of no interest.
                        let _ = copy_bidirectional(&mut client, &mut service).await;
                    });
                }
            }
        });
        Self { port, open, connections }
    }

    pub(crate) fn address(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// Cuts every connection and lets no new one through.
    pub(crate) async fn close(&self) {
        let mut connections = self.connections.lock().await;
        self.open.store(false, Ordering::SeqCst);
        connections.shutdown().await;
    }

    pub(crate) async fn reopen(&self) {
        let _connections = self.connections.lock().await;
        self.open.store(true, Ordering::SeqCst);
    }
}
