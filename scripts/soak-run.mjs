// The running part of `scripts/soak`, which sets its environment.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { api, freePort, memory, run, signIn, start, stop, wrk } from './harness.mjs';
import { CHECKS, PENDING } from './soak-checks.mjs';
import { instances } from './soak-instances.mjs';

const { SOAK_AIVALID: AIVALID, TEST_DATABASE_URL, TEST_REDIS_URL } = process.env;
const KILLS = Number(process.env.SOAK_KILLS ?? 20);
const USERS = 16;
/** How long a server lives before it is killed, in milliseconds: not the same each time. */
const life = (round) => 400 + ((round * 377) % 900);
const LOAD_SECONDS = Number(process.env.SOAK_SECONDS ?? 60);

const problems = [];
function expect(holds, words) {
  if (!holds && !problems.includes(words)) {
    problems.push(words);
    console.log(`  WRONG: ${words}`);
  }
}

const pick = (list) => list[Math.floor(Math.random() * list.length)];

/** One number from the database, by its own means. */
function number(store, statement) {
  const out = store.file
    ? run('python3', ['-c', 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()[0])', store.file, statement])
    : run('psql', ['-X', '-A', '-t', '-d', store.env.DATABASE_URL, '-c', statement]);
  return out.then((text) => (/^\d+$/.test(text.trim()) ? Number(text) : text.trim()));
}

/** Someone who writes until the server goes away; `told` gathers what the server said it has. */
async function write(origin, who, targets, told) {
  const { token } = who;
  const post = (path, body, headers) => api(origin, 'POST', path, { token, body, headers });
  for (;;) {
    const target = pick(targets);
    const mark = `Soak ${told.next++}`;
    const chance = Math.random();
    if (chance < 0.5) {
      // The same key twice at once: one of them writes, the other gets its answer or is told to wait.
      const parent = Math.random() < 0.4 ? pick(target.replies) : undefined;
      const body = { content: mark, parentId: parent };
      const send = () => post(`${target.path}/replies`, body, { 'idempotency-key': `soak-key-${mark.slice(5)}` });
      for (const answer of await Promise.all([send(), send()])) {
        if (answer.status === 201) {
          told.replies.set(mark, answer.json.data.id);
          target.replies.push(answer.json.data.id);
        } else {
          expect(answer.status === 409, `a reply was answered with ${answer.status} ${JSON.stringify(answer.json)}`);
        }
      }
    } else if (chance < 0.85) {
      const reply = target.replies.length > 0 && Math.random() < 0.5 ? pick(target.replies) : undefined;
      const path = reply ? `/api/v1/replies/${reply}/reactions` : `${target.path}/reactions`;
      const kind = pick(['like', 'love', 'haha', 'wow', 'sad', 'angry']);
      const answer = Math.random() < 0.8 ? await post(path, { type: kind }) : await api(origin, 'DELETE', path, { token });
      expect(answer.status === 200, `a reaction was answered with ${answer.status} ${JSON.stringify(answer.json)}`);
    } else if (who.case) {
      const answer = await post(`/api/validation-cases/${who.case}/tags`, { tag: `soak-${told.next % 3}` });
      expect([200, 201, 400, 409].includes(answer.status), `a tag was answered with ${answer.status} ${JSON.stringify(answer.json)}`);
      await api(origin, 'DELETE', `/api/validation-cases/${who.case}/tags/soak-${told.next % 3}`, { token });
    }
  }
}

/** Signs in some of the demonstration people, each with a case of their own. */
async function people(origin) {
  const { json } = await api(origin, 'GET', '/api/threads?limit=50');
  const names = [...new Set(json.data.map((thread) => thread.author.username).filter((name) => name !== 'deleted'))].slice(0, USERS);
  const { json: categories } = await api(origin, 'GET', '/api/categories?kind=case');
  const all = [];
  for (const name of names) {
    const token = await signIn(origin, `${name}@demo.example`);
    const body = { category: categories.data[0].slug, title: `Soak of ${name}`, content: { type: 'markdown', text: 'Is this kept?' }, bountyAmount: 1000 };
    const opened = await api(origin, 'POST', '/api/validation-cases', { token, body });
    if (opened.status !== 201) throw new Error(`${name} can't open a case: ${opened.status} ${JSON.stringify(opened.json)}`);
    all.push({ name, token, case: opened.json.data.id });
  }
  return all;
}

/** Kills a server in the middle of writing, many times over, and looks whether all it said is true. */
async function crashes(store) {
  console.log(`== ${store.name}: killed ${KILLS} times while ${USERS} people write`);
  const port = await freePort();
  const launch = () => start(AIVALID, ['serve'], { env: store.env, port });
  let server = await launch();
  const who = await people(server.origin);
  const { json } = await api(server.origin, 'GET', '/api/threads?limit=6');
  // Few targets, so that writers meet.
  const targets = [
    ...json.data.filter((thread) => !thread.locked).slice(0, 4).map((thread) => ({ path: `/api/v1/threads/${thread.id}`, replies: [] })),
    ...who.slice(0, 2).map((person) => ({ path: `/api/v1/validation-cases/${person.case}`, replies: [] })),
  ];
  const told = { next: 1, replies: new Map() };
  for (let round = 0; round < KILLS; round += 1) {
    const writers = who.map((person) => write(server.origin, person, targets, told).catch((error) => error));
    await pause(life(round));
    await stop(server, 'SIGKILL');
    for (const ending of await Promise.all(writers)) {
      if (!/fetch failed|terminated|other side closed|ECONN/.test(`${ending} ${ending.cause}`)) throw ending;
    }
    server = await launch();
  }
  // A job carries over what a killed server could not.
  const deadline = Date.now() + 60_000;
  while ((await number(store, PENDING)) > 0 && Date.now() < deadline) await pause(250);
  expect((await number(store, PENDING)) === 0, 'figures are still on their way after a minute');
  for (const [name, statement] of CHECKS) {
    const wrong = await number(store, statement);
    expect(wrong === 0, `${name}: ${wrong} are wrong`);
  }
  if (store.file) expect((await number(store, 'PRAGMA integrity_check')) === 'ok', 'SQLite finds its file damaged');
  await audit(store, server, who, targets, told);
  await stop(server);
  expect(!/panicked/.test(server.log), `the log tells of a panic: ${server.log.slice(-500)}`);
}

/** What the API says afterwards. */
async function audit(store, server, who, targets, told) {
  for (const person of who) {
    const { json } = await api(server.origin, 'GET', `/api/validation-cases/${person.case}/case-log`);
    expect(json.data.verified === true, `the log of case ${person.case} does not verify`);
  }
  const kept = new Set();
  for (const target of targets) {
    let cursor = '';
    let listed = 0;
    let count;
    do {
      const { status, json } = await api(server.origin, 'GET', `${target.path}/replies?limit=50${cursor && `&cursor=${cursor}`}`);
      if (status !== 200) throw new Error(`${target.path}: ${status} ${JSON.stringify(json)}`);
      for (const reply of json.data) kept.add(reply.id);
      listed += json.data.length;
      count = json.pagination.total;
      cursor = json.pagination.next ?? '';
    } while (cursor);
    expect(listed === count, `${target.path}: ${listed} replies are listed, ${count} are counted`);
  }
  const lost = [...told.replies].filter(([, id]) => !kept.has(id));
  expect(told.replies.size > KILLS, `only ${told.replies.size} replies were written`);
  expect(lost.length === 0, `${lost.length} of ${told.replies.size} replies that were confirmed are gone, such as ${lost[0]}`);
  console.log(`  ${told.replies.size} replies were confirmed, ${kept.size} are listed`);
}

/** Memory may grow at first, and then no more. */
async function load(store) {
  console.log(`== ${store.name}: ${LOAD_SECONDS} seconds of reading`);
  const server = await start(AIVALID, ['serve'], { env: store.env });
  const token = await signIn(server.origin, 'bimo_saputra@demo.example');
  const paths = ['/', '/forum', '/validation-cases', '/threads/1', '/api/threads'];
  const sizes = [memory(server)];
  const steps = 6;
  for (let step = 0; step < steps; step += 1) {
    const seconds = Math.max(1, Math.floor(LOAD_SECONDS / steps / paths.length));
    for (const path of paths) {
      const address = await fetch(server.origin + path).then((answer) => answer.text().then(() => answer.url));
      await wrk(address, seconds, 32, step % 2 ? [`authorization: Bearer ${token}`, 'accept-encoding: br'] : []);
    }
    sizes.push(memory(server));
  }
  console.log(`  memory: ${sizes.map((size) => size.toFixed(0)).join(', ')} MiB`);
  // Half of the run fills caches and pools; afterwards a tenth and 16 MiB are noise.
  const [settled, last] = [Math.max(...sizes.slice(0, 4)), sizes.at(-1)];
  expect(last <= settled * 1.1 + 16, `memory grew from ${settled.toFixed(0)} to ${last.toFixed(0)} MiB`);
  await stop(server);
}

const folder = mkdtempSync(join(tmpdir(), 'aivalid-soak.'));
const cheap = { ARGON2_MEMORY_KIB: '256', ARGON2_PASSES: '1', PUBLIC_ORIGIN: 'http://localhost' };
const sqlite = { name: 'SQLite', file: join(folder, 'one', 'aivalid.db'), env: { ...cheap, DATA_DIR: join(folder, 'one'), DATABASE_URL: `sqlite:${join(folder, 'one', 'aivalid.db')}` } };
const postgres = { name: 'PostgreSQL and Redis', env: { ...cheap, DATA_DIR: join(folder, 'two'), DATABASE_URL: TEST_DATABASE_URL, REDIS_URL: TEST_REDIS_URL } };
try {
  for (const store of [sqlite, postgres]) await run(AIVALID, ['seed'], { ...store.env, RUST_LOG: 'error' });
  await crashes(sqlite);
  await crashes(postgres);
  await instances({ aivalid: AIVALID, env: postgres.env, folder, expect, number: (statement) => number(postgres, statement) });
  await load(sqlite);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (problems.length > 0) {
  console.error(`\n${problems.length} problem(s):\n${problems.slice(0, 20).join('\n')}`);
  process.exitCode = 1;
} else {
  console.log('\nnothing was lost, counted wrongly or there twice');
}
