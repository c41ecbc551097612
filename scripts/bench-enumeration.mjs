// Does the time of an answer tell who has an account? Medians for addresses with and without one, at signing in, asking for a
// link to a new password and registering. `scripts/bench` sets the environment.
//
// Requests of both kinds are sent one after another in random order, each from a network address of its own, so that what else
// the machine does meets both. Compared are the bare work (ANSWER_FLOOR_MS=0) and what clients see, there also for accounts with
// hashes of the predecessor. A difference counts when it is beyond 5 % by more than chance, which is when the whole 95 %
// interval of medians of resampled times is.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVER_CORE, run, start, stop } from './harness.mjs';

const { BENCH_AIVALID: AIVALID, TEST_DATABASE_URL } = process.env;
const SAMPLES = Number(process.env.BENCH_SAMPLES ?? 1000);
/** Where the answer waits for its floor, fewer are enough: what is left of a difference is the timer's. */
const FEWER = Math.ceil(SAMPLES / 20);
/** Samples that are taken before those that count. */
const warming = (samples) => Math.ceil(samples / 10);
const ALLOWED = 5;
const RESAMPLED = 1000;

/** What the predecessor kept: bcrypt, at the two costs that it used. */
const OLD_HASHES = {
  'bcrypt, cost 10': '$2b$10$abcdefghijklmnopqrstuuT9/goUVVWXFAUqVfKC9c/RGLNrt6kqu',
  'bcrypt, cost 12': '$2b$12$abcdefghijklmnopqrstuuos9wG3NgWR85m0Eam5AObe9lV1mz0ci',
};

const sorted = (values) => [...values].sort((a, b) => a - b);
const median = (values) => {
  const line = sorted(values);
  return (line[Math.floor((line.length - 1) / 2)] + line[Math.ceil((line.length - 1) / 2)]) / 2;
};
const percent = (known, unknown) => (100 * (known - unknown)) / unknown;
const below = (number) => Math.floor(Math.random() * number);

/** The 95 % interval of the difference, by drawing both samples anew with replacement. */
function interval(known, unknown) {
  const again = (values) => median(values.map(() => values[below(values.length)]));
  const line = sorted(Array.from({ length: RESAMPLED }, () => percent(again(known), again(unknown))));
  return [line[Math.floor(0.025 * RESAMPLED)], line[Math.ceil(0.975 * RESAMPLED) - 1]];
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let asked = 0;

/** Posts JSON: how long the whole answer took, in milliseconds. Any status but the expected one is an error. */
async function timed(server, path, body, expected) {
  asked += 1;
  const text = Buffer.from(JSON.stringify(body));
  const headers = {
    host: `localhost:${server.port}`,
    'content-type': 'application/json',
    'content-length': text.length,
    'x-forwarded-for': `198.${18 + ((asked >> 16) & 1)}.${(asked >> 8) & 255}.${asked & 255}`,
  };
  const begun = performance.now();
  const call = request({ host: '127.0.0.1', port: server.port, path, method: 'POST', headers, agent });
  call.end(text);
  const [answer] = await once(call, 'response');
  let said = '';
  for await (const part of answer) said += part;
  const took = performance.now() - begun;
  if (answer.statusCode !== expected) throw new Error(`${path} answered ${answer.statusCode} instead of ${expected}: ${said}`);
  return took;
}

const results = [];

/** Times `ask(kind, turn)` for both kinds in random order. `part(turn)` may name a row of its own that a sample belongs to as well. */
async function compare(group, samples, ask, part = () => undefined) {
  const warm = warming(samples);
  const kinds = Array.from({ length: 2 * (samples + warm) }, (_, place) => (place % 2 ? 'known' : 'unknown'));
  for (let place = kinds.length - 1; place > 0; place -= 1) {
    const other = below(place + 1);
    [kinds[place], kinds[other]] = [kinds[other], kinds[place]];
  }
  const turns = { known: 0, unknown: 0 };
  const rows = new Map();
  for (const kind of kinds) {
    const turn = turns[kind];
    turns[kind] += 1;
    const took = await ask(kind, turn);
    for (const name of [part(turn), '']) {
      if (turn < warm || name === undefined) continue;
      if (!rows.has(name)) rows.set(name, { known: [], unknown: [] });
      rows.get(name)[kind].push(took);
    }
  }
  for (const [name, times] of rows) note(...group, name, times);
}

function note(group, row, part, times) {
  const name = row + part;
  const [known, unknown] = [median(times.known), median(times.unknown)];
  const [least, most] = interval(times.known, times.unknown);
  const tells = least > ALLOWED || most < -ALLOWED;
  const verdict = tells ? 'TELLS' : Math.abs(percent(known, unknown)) < ALLOWED ? 'equal' : 'within chance';
  results.push({ group, name, count: Math.min(times.known.length, times.unknown.length), known, unknown, least, most, verdict });
}

/** Wrong passwords in a row after which a lock begins, and the owner gets a letter. */
const LOCKS_AFTER = 5;
const PASSWORD = 'gerimis di pelabuhan lama';

const login = (server, email) => timed(server, '/api/auth/login', { email, password: 'bukan sandi siapa pun 88' }, 401);
const forgot = (server, email) => timed(server, '/api/auth/forgot-password', { email }, 200);
const link = (server, email) => timed(server, '/api/auth/verify/request', { email }, 200);
const register = (server, email) => timed(server, '/api/auth/register', { email, password: PASSWORD }, 200);

/** Addresses of new accounts, and as many like them that nobody has. */
async function addresses(server, name, count) {
  const of = (word) => Array.from({ length: count }, (_, place) => `${word}.${name}.${String(place).padStart(4, '0')}@contoh.example`);
  const all = { known: of('punya'), unknown: of('bukan') };
  for (const email of all.known) await register(server, email);
  return { count, ask: (call) => (kind, turn) => call(server, all[kind][turn % count]), known: all.known };
}

const serve = (env, settings = {}) => start(AIVALID, ['serve'], { env: { ...env, TRUSTED_PROXIES: '127.0.0.1', ...settings }, core: SERVER_CORE });

/** Gives accounts a hash of the predecessor, as importing it does. */
async function setHashes({ DATABASE_URL }, emails, hash) {
  const change = `UPDATE users SET password_hash = '${hash}' WHERE email IN (${emails.map((email) => `'${email}'`).join(', ')})`;
  if (DATABASE_URL.startsWith('sqlite:')) {
    const script = 'import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute(sys.argv[2]); db.commit()';
    await run('python3', ['-c', script, DATABASE_URL.slice('sqlite:'.length), change]);
  } else {
    await run('psql', ['-qX', '-v', 'ON_ERROR_STOP=1', '-d', DATABASE_URL, '-c', change]);
  }
}

/** The bare work. Each address is tried until it is locked, then once more. */
async function work(database, env) {
  const group = (name) => [`${database}, work`, name];
  const server = await serve(env, { ANSWER_FLOOR_MS: '0' });
  const { count, ask } = await addresses(server, 'kerja', Math.ceil((SAMPLES + warming(SAMPLES)) / LOCKS_AFTER));
  const locks = (turn) => (turn >= (LOCKS_AFTER - 1) * count ? ', the one that locks' : undefined);
  await compare(group('wrong password'), SAMPLES, ask(login), locks);
  await compare(group('wrong password, locked'), Math.ceil(SAMPLES / LOCKS_AFTER), ask(login));
  await compare(group('forgotten password'), SAMPLES, ask(forgot));
  await compare(group('another link'), SAMPLES, ask(link));
  const registering = ask(register);
  await compare(group('registering'), SAMPLES, (kind, turn) => (kind === 'known' ? registering(kind, turn) : register(server, `baru.kerja.${turn}@contoh.example`)));
  await stop(server);
}

/** What clients see. */
async function seen(database, env) {
  const group = (name) => [`${database}, seen`, name];
  let server = await serve(env);
  // Each address is tried until it is locked, and no further.
  const count = Math.ceil((FEWER + warming(FEWER)) / LOCKS_AFTER);
  const { ask } = await addresses(server, 'lihat', count);
  const old = [];
  for (const [place, [name, hash]] of Object.entries(OLD_HASHES).entries()) old.push({ name, hash, ...(await addresses(server, `lama${place}`, count)) });
  await compare(group('wrong password'), FEWER, ask(login));
  await compare(group('forgotten password'), FEWER, ask(forgot));
  const registering = ask(register);
  await compare(group('registering'), FEWER, (kind, turn) => (kind === 'known' ? registering(kind, turn) : register(server, `baru.lihat.${turn}@contoh.example`)));
  await stop(server);
  for (const { hash, known } of old) await setHashes(env, known, hash);
  server = await serve(env);
  for (const { name, ask } of old) await compare(group(`wrong password, ${name}`), FEWER, ask((_, email) => login(server, email)));
  await stop(server);
}

function table() {
  const ms = (value) => value.toFixed(2);
  const signed = (value) => `${value < 0 ? '' : '+'}${value.toFixed(1)}%`;
  const rows = results.map((row) => [row.group, row.name, String(row.count), ms(row.known), ms(row.unknown), signed(percent(row.known, row.unknown)), `${signed(row.least)} ${signed(row.most)}`, row.verdict]);
  rows.unshift(['', 'medians in ms', 'samples', 'account', 'none', 'apart', '95 %', '']);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => (column < 2 || column === 7 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ').trimEnd()).join('\n');
}

console.log(`measuring whether times tell who has an account (load before: ${loadavg()[0].toFixed(1)})`);
for (const database of ['SQLite', 'PostgreSQL']) {
  const folder = mkdtempSync(join(tmpdir(), 'aivalid-bench.'));
  const name = 'enumeration';
  try {
    const url = database === 'SQLite' ? `sqlite:${join(folder, 'aivalid.db')}` : Object.assign(new URL(TEST_DATABASE_URL), { pathname: name }).href;
    if (database === 'PostgreSQL') await run('psql', ['-qX', '-d', TEST_DATABASE_URL, '-c', `CREATE DATABASE ${name}`]);
    const env = { DATA_DIR: folder, DATABASE_URL: url };
    await work(database, env);
    await seen(database, env);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
console.log(`\n${table()}`);
const telling = results.filter((row) => row.verdict === 'TELLS');
if (telling.length) {
  console.error(`\n${telling.length} of ${results.length} times tell who has an account`);
  process.exit(1);
}
