//! The one service and what it is made of.

use crate::{
    community::{CardCache, CatalogCache, FiguresCache},
    content::Renderer,
    federation::Federation,
    files::PictureDesk,
    identity::{Breached, Hasher, Keys, RelyingParty, Turns},
    jobs::{Attempts, Wakes},
    kyc::KycSettings,
    limits::Limits,
    operator::Operator,
    ports::{Clock, Mailer, Places, Random, SmsSender},
    seal::Sealer,
    store::Stores,
};
use aivalid_model::Timestamp;
use std::{sync::Arc, time::Duration};

/// What an operator may set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The public origin without a final slash, such as `https://aivalid.example`.
    pub origin: String,
    /// How many accounts one device may make.
    pub accounts_per_device: i64,
    /// How many live sessions a user may have.
    pub live_sessions: i64,
    /// The rate limits.
    pub limits: Limits,
    /// How long answers take at least that could tell by their time who has an account; zero: as long as they take.
    pub answer_floor: Duration,
    /// The version of the terms that registering agrees to.
    pub terms_version: String,
    /// Identity documents.
    pub kyc: KycSettings,
    /// To which countries (ISO 3166-1) SMS are sent; none named: to all.
    pub sms_countries: Vec<String>,
    /// Who runs this site.
    pub operator: Operator,
}

/// Every use case. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub stores: Stores,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub mailer: Arc<dyn Mailer>,
    /// None where no SMS can be sent: then nobody signs in by phone.
    pub sms: Option<Arc<dyn SmsSender>>,
    pub places: Arc<dyn Places>,
    pub federation: Arc<dyn Federation>,
    pub keys: Keys,
    pub sealer: Sealer,
    pub hasher: Hasher,
    pub breached: Breached,
    /// None where the public origin can have no passkeys.
    pub party: Option<RelyingParty>,
    pub renderer: Renderer,
    pub cards: CardCache,
    pub catalog: CatalogCache,
    pub figures: FiguresCache,
    pub refreshes: Turns,
    pub wakes: Wakes,
    pub attempts: Attempts,
    pub pictures: PictureDesk,
    pub settings: Settings,
    /// Tells this process from others that use the same stores.
    pub instance: String,
}

/// What a [`Service`] is made of.
pub struct Parts {
    /// Where things are kept.
    pub stores: Stores,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
    /// Mail.
    pub mailer: Arc<dyn Mailer>,
    /// SMS, where there is a way to send them.
    pub sms: Option<Arc<dyn SmsSender>>,
    /// Where addresses are.
    pub places: Arc<dyn Places>,
    /// Other services to sign in with.
    pub federation: Arc<dyn Federation>,
    /// Signing keys.
    pub keys: Keys,
    /// Seals what must be readable again.
    pub sealer: Sealer,
    /// Password hashing.
    pub hasher: Hasher,
    /// Passwords known from breaches.
    pub breached: Breached,
    /// What an operator set.
    pub settings: Settings,
}

impl Service {
    /// The service over these parts.
    pub fn new(parts: Parts) -> Self {
        let Parts { stores, clock, random, mailer, sms, places, federation, keys, sealer, hasher, breached, settings } = parts;
        let party = RelyingParty::of_origin(&settings.origin, &keys.decoy_key());
        let (renderer, cards, catalog, figures) = (Renderer::new(), CardCache::new(), CatalogCache::new(), FiguresCache::new());
        let (refreshes, wakes) = (Turns::new(), Wakes::default());
        let instance = random.secret("");
        let inner = Inner {
            stores,
            clock,
            random,
            mailer,
            sms,
            places,
            federation,
            keys,
            sealer,
            hasher,
            breached,
            party,
            renderer,
            cards,
            catalog,
            figures,
            refreshes,
            wakes,
            attempts: Attempts::default(),
            pictures: PictureDesk::default(),
            settings,
            instance,
        };
        Self { inner: Arc::new(inner) }
    }

    /// The stores, for health checks, jobs and seeds.
    pub fn stores(&self) -> &Stores {
        &self.inner.stores
    }

    /// What the operator set.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }
}
