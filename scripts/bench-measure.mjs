// The measuring part of `scripts/bench`, which sets its environment.
import { readFileSync, readdirSync, rmSync, writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir, loadavg } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { SERVER_CORE, api, memory, processorTime, run, signIn, start, stop, wrk } from './harness.mjs';

const { BENCH_AIVALID: AIVALID, BENCH_BARE: BARE, BENCH_DATA: DATA, TEST_DATABASE_URL } = process.env;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 3);
const CONNECTIONS = 16;
/** What Chromium and Firefox accept. The bare server compresses nothing. */
const BROWSERS = 'gzip, deflate, br, zstd';

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
/** How far apart the rounds are, in percent of their median. */
const spread = (values) => (100 * (Math.max(...values) - Math.min(...values))) / median(values);

const results = [];
const note = (group, name, unit, ours, bare, spreads = []) => results.push({ group, name, unit, ours, bare, spreads });

/** Pages worth measuring: a thread with 20 replies on it, one with 50 or more, nested, and the list of cases. */
async function pages(origin) {
  const find = async (least, most) => {
    for (let id = 1; id < 2000; id += 1) {
      const { status, json } = await api(origin, 'GET', `/api/threads/${id}`);
      if (status === 200 && json.data.replyCount >= least && json.data.replyCount <= most) return id;
    }
    throw new Error(`no thread has ${least} to ${most} replies`);
  };
  const address = async (id) => {
    const answer = await fetch(`${origin}/threads/${id}`);
    if (answer.status !== 200) throw new Error(`thread ${id}: ${answer.status}`);
    return new URL(answer.url).pathname;
  };
  return [
    { name: 'thread, 20 replies', path: await address(await find(20, 20)) },
    { name: 'thread, 50 replies', path: `${await address(await find(55, 1000))}?limit=50` },
    { name: 'list of cases', path: '/validation-cases' },
  ];
}

/** Loads both servers in turn, so that what else the machine does meets both. */
async function throughput(group, ours, bare, page, name = page.name, headers = []) {
  const rounds = { ours: [], bare: [], cost: [], bareCost: [] };
  for (const server of [ours, bare]) await wrk(server.origin + page.path, 1, CONNECTIONS, headers);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [server, speeds, costs] of [[bare, rounds.bare, rounds.bareCost], [ours, rounds.ours, rounds.cost]]) {
      const before = processorTime(server);
      const { perSecond, requests } = await wrk(server.origin + page.path, SECONDS, CONNECTIONS, headers);
      speeds.push(perSecond);
      costs.push(((processorTime(server) - before) / requests) * 1e6);
    }
  }
  note(group, `${name}`, 'pages/s', median(rounds.ours), median(rounds.bare), [spread(rounds.ours), spread(rounds.bare)]);
  note(group, `${name}, processor`, 'µs/page', median(rounds.cost), median(rounds.bareCost), [spread(rounds.cost), spread(rounds.bareCost)]);
}

/** Pages are written whole, so the time to their end is that to their first byte. */
async function latency(group, ours, bare, page) {
  const of = async (server) => wrk(server.origin + page.path, SECONDS, 1);
  const [reference, own] = [await of(bare), await of(ours)];
  note(group, `${page.name}, first byte p50`, 'ms', own.p50, reference.p50);
  note(group, `${page.name}, first byte p99`, 'ms', own.p99, reference.p99);
}

/** Statements that one request runs: at first, and when it was read before. Counted in the log of a server of its own. */
async function queries(group, env, pages) {
  const server = await start(AIVALID, ['serve'], { env: { ...env, RUST_LOG: 'sqlx::query=debug' } });
  const count = () => server.log.split('sqlx::query').length - 1;
  const settled = async () => {
    // The log comes through a pipe: it has all arrived when a request that asks no database has gone there and back.
    await api(server.origin, 'GET', '/health');
    return new Promise((done) => setImmediate(() => done(count())));
  };
  for (const page of pages) {
    const seen = [];
    for (let request = 0; request < 7; request += 1) {
      const before = await settled();
      await fetch(server.origin + page.path).then((answer) => answer.text());
      seen.push((await settled()) - before);
    }
    note(group, `${page.name}, at first`, 'queries', seen[0]);
    note(group, `${page.name}, read before`, 'queries', median(seen));
  }
  await stop(server);
}

async function sizes(server, page) {
  const raw = await fetch(server.origin + page.path, { headers: { 'accept-encoding': 'identity' } }).then((answer) => answer.text());
  note('size', page.name, 'KB', Buffer.byteLength(raw) / 1000);
  for (const [name, accepted] of [['as sent to browsers', BROWSERS], ['as sent with brotli', 'br']]) {
    const sent = await run('curl', ['-sS', '-o', '/dev/null', '-w', '%{size_download}', '-H', `accept-encoding: ${accepted}`, server.origin + page.path]);
    note('size', `${page.name}, ${name}`, 'KB', Number(sent) / 1000);
  }
  note('size', `${page.name}, brotli at its best`, 'KB', brotliCompressSync(raw).length / 1000);
}

function clientSizes() {
  const folder = 'site/pkg';
  let files = [];
  try {
    files = readdirSync(folder).filter((file) => /\.(wasm|js|css)\.br$/.test(file));
  } catch {
    return;
  }
  const total = (pattern) => files.filter((file) => pattern.test(file)).reduce((sum, file) => sum + readFileSync(join(folder, file)).length, 0);
  note('size', 'wasm and JavaScript, brotli', 'KB', total(/(wasm|js)\.br$/) / 1000);
  note('size', 'style sheet, brotli', 'KB', total(/css\.br$/) / 1000);
}

async function coldStarts(group, env, bareEnv, path) {
  const of = async (binary, args, options) => {
    const times = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const server = await start(binary, args, { ...options, ready: path, core: SERVER_CORE });
      times.push(server.startedMs);
      await stop(server, 'SIGKILL');
    }
    return times;
  };
  const [own, reference] = [await of(AIVALID, ['serve'], { env }), await of(BARE, [], { env: bareEnv })];
  note(group, 'start to the first page', 'ms', median(own), median(reference), [spread(own), spread(reference)]);
}

async function measure(group, env) {
  const bareEnv = { DATABASE_URL: env.DATABASE_URL };
  const probe = await start(AIVALID, ['serve'], { env });
  const measured = await pages(probe.origin);
  await stop(probe);
  const [thread] = measured;
  await coldStarts(group, env, bareEnv, thread.path);
  const ours = await start(AIVALID, ['serve'], { env, core: SERVER_CORE });
  const bare = await start(BARE, [], { env: bareEnv, core: SERVER_CORE, ready: thread.path });
  await fetch(ours.origin + thread.path).then((answer) => answer.text());
  const idle = [memory(ours), memory(bare)];
  for (const page of measured) await throughput(group, ours, bare, page);
  await throughput(group, ours, bare, thread, 'thread, compressed for browsers', [`accept-encoding: ${BROWSERS}`]);
  await throughput(group, ours, bare, thread, 'thread, compressed with brotli', ['accept-encoding: br']);
  const token = await signIn(ours.origin, 'bimo_saputra@demo.example');
  await throughput(group, ours, bare, thread, 'thread, signed in', [`authorization: Bearer ${token}`]);
  await latency(group, ours, bare, thread);
  note(group, 'memory at rest', 'MiB', ...idle);
  note(group, 'memory after load', 'MiB', memory(ours), memory(bare));
  if (group === 'SQLite') {
    for (const page of measured) await sizes(ours, page);
    clientSizes();
  }
  await stop(ours);
  await stop(bare);
  await queries(group, env, measured);
}

/** One table: ours, bare, their ratio, how far rounds are apart, and the last run's figure. */
function table(last) {
  const digits = (value) => (value === undefined ? '' : value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
  const before = new Map((last?.results ?? []).map((row) => [`${row.group} ${row.name} ${row.unit}`, row.ours]));
  const rows = results.map((row) => {
    const old = before.get(`${row.group} ${row.name} ${row.unit}`);
    const change = old ? `${row.ours >= old ? '+' : ''}${((100 * (row.ours - old)) / old).toFixed(0)}%` : '';
    const ratio = row.bare ? (row.ours / row.bare).toFixed(2) : '';
    return [row.group, row.name, row.unit, digits(row.ours), digits(row.bare), ratio, row.spreads.map((value) => `${value.toFixed(0)}%`).join(' '), digits(old), change];
  });
  rows.unshift(['', '', '', 'AIValid', 'bare', 'ratio', 'spread', 'last run', 'change']);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => (column < 3 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ').trimEnd()).join('\n');
}

const commit = (await run('git', ['describe', '--always', '--dirty', '--exclude=*'])).trim();
const file = join(DATA, 'last.json');
let last;
try {
  last = JSON.parse(readFileSync(file, 'utf8'));
} catch {
  // The first run has nothing to compare with.
}

const load = loadavg()[0];
console.log(`measuring ${commit} on SQLite (load before: ${load.toFixed(1)})`);
await measure('SQLite', { DATA_DIR: join(DATA, 'sqlite'), DATABASE_URL: `sqlite:${join(DATA, 'sqlite', 'aivalid.db')}` });
const folder = mkdtempSync(join(tmpdir(), 'aivalid-bench.'));
try {
  const env = { DATA_DIR: folder, DATABASE_URL: TEST_DATABASE_URL };
  const begun = performance.now();
  await run(AIVALID, ['seed', '--scale', 'large'], { ...env, RUST_LOG: 'error' });
  note('PostgreSQL', 'filling with the large data set', 's', (performance.now() - begun) / 1000);
  console.log(`measuring ${commit} on PostgreSQL`);
  await measure('PostgreSQL', env);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`\n${table(last)}\n\nthis run: ${commit}; last run: ${last ? `${last.commit}, ${last.at}` : 'none'}; load before: ${load.toFixed(1)}`);
writeFileSync(file, JSON.stringify({ commit, at: new Date().toISOString(), rounds: ROUNDS, seconds: SECONDS, load, results }, null, 1));
