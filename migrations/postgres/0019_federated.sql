-- Accounts at other services with which people sign in. Issuer and subject name a person there; an address never does.

CREATE TABLE federated_identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id),
    -- The service's name in addresses; one identity of each for a user.
    provider TEXT NOT NULL,
    -- As told last; for showing only.
    email TEXT,
    -- False while the address of the account that it came with is still to be confirmed.
    active BOOLEAN NOT NULL,
    linked_at BIGINT NOT NULL,
    last_used_at BIGINT,
    PRIMARY KEY (issuer, subject),
    UNIQUE (user_id, provider)
);
