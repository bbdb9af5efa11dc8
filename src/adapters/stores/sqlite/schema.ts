/** `APEX` in ASCII: tells our files from other SQLite files. */
export const applicationId = 0x41504558

/**
 * The migrations in order: the first makes version 1 of an empty file, the
 * next version 2 of that, and so on. One that has been released is never
 * changed. Amounts are decimal TEXT, for SQLite's integers end at 2^63;
 * addresses and hashes are hex TEXT; times are the chain's, unix seconds.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE opportunities (
    id INTEGER PRIMARY KEY,
    ledger TEXT NOT NULL,
    block_number INTEGER NOT NULL,
    block_timestamp INTEGER,
    cycle_id TEXT NOT NULL,
    token TEXT NOT NULL,
    token_symbol TEXT NOT NULL,
    token_decimals INTEGER NOT NULL,
    route TEXT NOT NULL,
    pools TEXT NOT NULL,
    amount_in TEXT NOT NULL,
    amount_out TEXT NOT NULL,
    gross_profit TEXT NOT NULL,
    gross_profit_native TEXT,
    UNIQUE (ledger, block_number, cycle_id, token)
  ) STRICT;

  CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    opportunity_id INTEGER NOT NULL REFERENCES opportunities (id),
    stage TEXT NOT NULL,
    verdict TEXT NOT NULL,
    detail TEXT
  ) STRICT;
  CREATE INDEX decisions_by_opportunity ON decisions (opportunity_id);

  CREATE TABLE plans (
    ledger TEXT NOT NULL,
    id TEXT NOT NULL,
    opportunity_id INTEGER NOT NULL REFERENCES opportunities (id),
    chain_id INTEGER NOT NULL,
    block_number INTEGER NOT NULL,
    executor TEXT NOT NULL,
    operator TEXT NOT NULL,
    lender TEXT NOT NULL,
    lender_kind TEXT NOT NULL,
    lender_address TEXT NOT NULL,
    loan_amount TEXT NOT NULL,
    loan_premium TEXT NOT NULL,
    data TEXT NOT NULL,
    min_profit TEXT NOT NULL,
    predicted_profit TEXT NOT NULL,
    tip_bps INTEGER NOT NULL,
    tip_to TEXT NOT NULL,
    deadline INTEGER NOT NULL,
    first_block INTEGER NOT NULL,
    last_block INTEGER NOT NULL,
    gas_limit TEXT NOT NULL,
    max_fee_per_gas TEXT NOT NULL,
    max_priority_fee_per_gas TEXT NOT NULL,
    expected_gross_profit TEXT NOT NULL,
    expected_premium TEXT NOT NULL,
    expected_gas TEXT NOT NULL,
    expected_l1_data_fee TEXT NOT NULL,
    expected_tip TEXT NOT NULL,
    expected_net_profit TEXT NOT NULL,
    PRIMARY KEY (ledger, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE transactions (
    ledger TEXT NOT NULL,
    hash TEXT NOT NULL,
    plan_id TEXT NOT NULL,
    -- an address is the same in any case of letters
    account TEXT NOT NULL COLLATE NOCASE,
    nonce INTEGER NOT NULL,
    submitter TEXT NOT NULL,
    -- intended, then: landed, reverted, dropped or refused
    status TEXT NOT NULL DEFAULT 'intended',
    reason TEXT,
    block_number INTEGER,
    block_timestamp INTEGER,
    gas_used TEXT,
    effective_gas_price TEXT,
    real_gas TEXT,
    real_l1_data_fee TEXT,
    PRIMARY KEY (ledger, hash),
    FOREIGN KEY (ledger, plan_id) REFERENCES plans (ledger, id)
  ) STRICT, WITHOUT ROWID;
  -- No nonce twice: of one nonce at most one transaction is unfinished or mined.
  CREATE UNIQUE INDEX transactions_by_nonce ON transactions (ledger, account, nonce)
    WHERE status IN ('intended', 'landed', 'reverted');
  CREATE INDEX transactions_dropped ON transactions (ledger, account, nonce)
    WHERE status = 'dropped';
  CREATE INDEX transactions_unfinished ON transactions (ledger, account, nonce)
    WHERE status = 'intended';

  CREATE TABLE fills (
    ledger TEXT NOT NULL,
    hash TEXT NOT NULL,
    -- base units of the token
    profit TEXT NOT NULL,
    tip TEXT NOT NULL,
    -- wei of the native coin
    real_gross_profit TEXT NOT NULL,
    real_premium TEXT NOT NULL,
    real_gas TEXT NOT NULL,
    real_l1_data_fee TEXT NOT NULL,
    real_tip TEXT NOT NULL,
    real_net_profit TEXT NOT NULL,
    PRIMARY KEY (ledger, hash),
    FOREIGN KEY (ledger, hash) REFERENCES transactions (ledger, hash)
  ) STRICT, WITHOUT ROWID;

  -- For people: what landed. approximate_ columns are whole tokens or coins as floating point.
  CREATE VIEW trades AS
    SELECT
      t.ledger, t.block_number, t.block_timestamp,
      datetime(t.block_timestamp, 'unixepoch') AS time,
      o.route, p.lender, o.token_symbol, o.token, o.amount_in,
      p.predicted_profit, f.profit,
      f.profit = p.predicted_profit AS as_predicted,
      p.expected_net_profit, f.real_net_profit, f.real_gas, f.real_tip, f.real_premium,
      CAST(f.profit AS REAL) / pow(10, o.token_decimals) AS approximate_profit,
      CAST(f.real_net_profit AS REAL) / 1e18 AS approximate_net_profit_native,
      t.account, t.nonce, t.hash, p.id AS plan_id
    FROM fills f
    JOIN transactions t USING (ledger, hash)
    JOIN plans p ON p.ledger = t.ledger AND p.id = t.plan_id
    JOIN opportunities o ON o.id = p.opportunity_id;

  -- For people: everything that was sent, and what became of it.
  CREATE VIEW sent AS
    SELECT
      t.ledger, t.account, t.nonce, t.status, t.reason, t.block_number,
      datetime(t.block_timestamp, 'unixepoch') AS time,
      o.route, p.lender, t.gas_used, t.effective_gas_price, t.submitter, t.hash
    FROM transactions t
    JOIN plans p ON p.ledger = t.ledger AND p.id = t.plan_id
    JOIN opportunities o ON o.id = p.opportunity_id;

  -- For people: how often which verdict was given.
  CREATE VIEW verdicts AS
    SELECT o.ledger, d.stage, d.verdict, count(*) AS count, max(d.detail) AS example
    FROM decisions d
    JOIN opportunities o ON o.id = d.opportunity_id
    GROUP BY o.ledger, d.stage, d.verdict;

  -- For people: what each lender, and each route, brought.
  CREATE VIEW profit_by_lender AS
    SELECT ledger, lender, count(*) AS trades, sum(approximate_net_profit_native) AS approximate_net_profit_native
    FROM trades GROUP BY ledger, lender;
  CREATE VIEW profit_by_route AS
    SELECT ledger, route, count(*) AS trades, sum(approximate_net_profit_native) AS approximate_net_profit_native
    FROM trades GROUP BY ledger, route;
  `,
  `
  CREATE TABLE risk_accounts (
    ledger TEXT PRIMARY KEY,
    -- JSON; amounts are decimal strings, in wei of the native coin
    account TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- The circuit breaker: every state it was in; the greatest revision counts.
  CREATE TABLE breakers (
    ledger TEXT NOT NULL,
    revision INTEGER NOT NULL,
    -- running, degraded, paused or halted
    state TEXT NOT NULL,
    set_by TEXT NOT NULL,
    why TEXT NOT NULL,
    set_at INTEGER NOT NULL,
    until INTEGER,
    PRIMARY KEY (ledger, revision)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- JSON: versions of the transaction that pay the tip elsewhere; where one of
  -- them is mined, it becomes the row's hash.
  ALTER TABLE transactions ADD COLUMN other_hashes TEXT NOT NULL DEFAULT '[]';
  CREATE INDEX transactions_of_versions ON transactions (ledger)
    WHERE other_hashes <> '[]';
  `,
  `
  CREATE INDEX transactions_mined ON transactions (ledger, account, block_number)
    WHERE status IN ('landed', 'reverted');
  `,
  `
  CREATE INDEX transactions_by_plan ON transactions (ledger, plan_id);
  `,
]
