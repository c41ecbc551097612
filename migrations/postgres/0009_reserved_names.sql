-- Names that somebody wanted with an address that has an account already. They are nobody's, but taken all the same: a name
-- that stayed free would tell that the address is taken.
CREATE TABLE reserved_names (
    username TEXT COLLATE "C" NOT NULL PRIMARY KEY
);
