// Two real instances over one PostgreSQL, MongoDB and Redis, for `scripts/soak`: what one ends the other does not believe, with a Redis that
// is flushed and killed, and with instances that are killed in a storm of refreshes, sign-ins and letters.
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PASSWORD, api, background, freePort, run, start, stop } from './harness.mjs';
import { appCode } from './app-code.mjs';

const ROUNDS = Number(process.env.SOAK_ROUNDS ?? 6);
const KILLS = Number(process.env.SOAK_INSTANCE_KILLS ?? 8);
const PEOPLE = 12;
const WHY = 'Permintaan tertulis';
const SUPER = 'dewi_wardhani';

const address = (name) => `${name}@demo.example`;
const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
const me = (server, token) => api(server.origin, 'GET', '/api/user/me', { token }).then((answer) => answer.status);

/** A Redis of our own, which can be killed and started again at the same place. */
async function ownRedis(folder) {
  const socket = join(folder, 'redis.sock');
  const redis = { url: `unix://${socket}`, flush: () => run('redis-cli', ['-s', socket, 'FLUSHALL']) };
  redis.start = async () => {
    redis.child = background('redis-server', ['--port', '0', '--save', '', '--appendonly', 'no', '--unixsocket', socket]);
    while ((await run('redis-cli', ['-s', socket, 'PING']).catch(() => '')) !== 'PONG\n') {
      if (redis.child.exitCode !== null) throw new Error(`redis-server ended with ${redis.child.exitCode} before it answered at ${socket}`);
      await pause(20);
    }
  };
  redis.kill = async () => {
    const ended = once(redis.child, 'exit');
    redis.child.kill('SIGKILL');
    await ended;
  };
  await redis.start();
  return redis;
}

/** Signs in: both tokens. */
async function signIn(server, name, password = PASSWORD) {
  const { status, json } = await api(server.origin, 'POST', '/api/auth/login', { body: { email: address(name), password } });
  if (status !== 200) throw new Error(`${name} can't sign in: ${status} ${JSON.stringify(json)}`);
  return { access: json.access_token, refresh: json.refresh_token, session: claims(json.access_token).session_id, user: json.user_id };
}

/** Somebody with an app, in a session that is elevated with two factors for ten minutes: what the staff does takes them. */
async function withApp(server, name) {
  const it = await signIn(server, name);
  const post = async (path, body) => {
    const { status, json } = await api(server.origin, 'POST', path, { token: it.access, body });
    if (status !== 200) throw new Error(`${path} answered ${status} ${JSON.stringify(json)}`);
    return json;
  };
  await post('/api/auth/sudo', { password: PASSWORD });
  const { secret } = await post('/api/auth/totp/setup');
  await post('/api/auth/totp/verify', { code: appCode(secret) });
  return it;
}

/** `expect(holds, words)` notes what is wrong; `number(statement)` asks the database. */
export async function instances({ aivalid, env, folder, expect, number }) {
  console.log('== two instances over PostgreSQL, MongoDB and Redis');
  const redis = await ownRedis(folder);
  const shared = { ...env, REDIS_URL: redis.url, MONGODB_URL: process.env.TEST_MONGODB_URL };
  const launch = async (port) => start(aivalid, ['serve'], { env: shared, port: port ?? (await freePort()) });
  const servers = [await launch(), await launch()];
  const { json } = await api(servers[0].origin, 'GET', '/api/v1/admin/users?limit=50', { token: (await signIn(servers[0], SUPER)).access });
  const names = json.data.filter((user) => user.role === 'user' && user.username !== SUPER).map((user) => user.username);
  if (names.length < PEOPLE + 10) throw new Error(`too few people: ${names.length}`);

  await ended({ servers, names: names.slice(PEOPLE), redis, expect });
  await withoutRedis({ servers, name: names[PEOPLE + 9], redis, expect });
  await storm({ servers, launch, names, folder: env.DATA_DIR, expect, number });
  await Promise.all(servers.map((server) => stop(server)));
  for (const server of servers) expect(!/panicked/.test(server.log), `the log tells of a panic: ${server.log.slice(-500)}`);
  await redis.kill();
}

/** Whatever ends a session on one instance: the next request to the other is refused. */
async function ended({ servers, names, redis, expect }) {
  const [admin, steward] = [await withApp(servers[0], SUPER), await withApp(servers[1], names[5])];
  let password = PASSWORD;
  let deeds = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const [one, two] = round % 2 ? [...servers].reverse() : servers;
    const ask = async (method, path, token, body) => {
      const answer = await api(one.origin, method, path, { token, body });
      expect(answer.status === 200, `${method} ${path} was answered with ${answer.status} ${JSON.stringify(answer.json)}`);
    };
    const staff = (method, of, rest, body) => ask(method, `/api/v1/admin/users/${of.user}${rest}`, admin.access, { ...body, reason: WHY });
    const all = [
      ['signing out', (it) => ask('POST', '/api/auth/logout', it.access)],
      ['ending one session', (it, other) => ask('DELETE', `/api/auth/sessions/${it.session}`, other.access)],
      ['signing out everywhere', (_, other) => ask('POST', '/api/auth/logout-all', other.access)],
      ['suspending', (it) => staff('POST', it, '/suspend')],
    ];
    for (const [at, [words, deed]] of all.entries()) {
      const [it, other] = [await signIn(one, names[at]), await signIn(two, names[at])];
      for (const server of servers) expect((await me(server, it.access)) === 200, `a session is not known everywhere, before ${words}`);
      await deed(it, other);
      expect((await me(two, it.access)) === 401, `after ${words} the other instance accepts the session`);
      expect((await me(one, it.access)) === 401, `after ${words} the same instance accepts the session`);
      if (round % 2) await redis.flush();
      for (const server of servers) expect((await me(server, it.access)) === 401, `after ${words} and a flushed cache the session is back`);
      if (words === 'suspending') await staff('POST', it, '/unsuspend');
      deeds += 1;
    }
    const [changer, other] = [await signIn(one, names[4], password), await signIn(two, names[4], password)];
    for (const server of servers) await me(server, other.access);
    await ask('POST', '/api/auth/sudo', changer.access, { password });
    password = `gerobak bakso biru ${round} ${Math.random()}`;
    await ask('POST', '/api/auth/change-password', changer.access, { new_password: password });
    expect((await me(two, other.access)) === 401, 'after a new password the other instance accepts an earlier session');
    expect((await me(two, changer.access)) === 200, 'after a new password the session that set it is gone');

    const may = () => api(two.origin, 'GET', '/api/v1/admin/users', { token: steward.access }).then((answer) => answer.status);
    for (const [role, status] of [['admin', 200], ['user', 403]]) {
      await staff('PUT', steward, '/role', { role });
      const found = await may();
      expect(found === status, `with the role ${role} the other instance answers ${found}`);
    }
    deeds += 3;
  }
  console.log(`  ${deeds} times a session, a password or a role was taken away on one instance`);
}

/** A Redis that is gone lets nobody in and signs nobody out. */
async function withoutRedis({ servers, name, redis, expect }) {
  const [alive, dead] = [await signIn(servers[0], name), await signIn(servers[1], name)];
  for (const server of servers) for (const it of [alive, dead]) await me(server, it.access);
  await api(servers[0].origin, 'POST', '/api/auth/logout', { token: dead.access });
  await redis.kill();
  for (const server of servers) {
    for (const it of [alive, dead]) expect((await me(server, it.access)) === 503, 'without Redis a request is answered');
    const health = await api(server.origin, 'GET', '/health');
    expect(health.status === 200, `without Redis the process seems dead: ${health.status}`);
  }
  await redis.start();
  const begun = Date.now();
  for (const server of servers) while ((await me(server, alive.access)) === 503 && Date.now() - begun < 30_000) await pause(20);
  console.log(`  Redis was killed; ${Date.now() - begun} ms after it was back, so were both instances`);
  for (const server of servers) {
    expect((await me(server, alive.access)) === 200, 'an empty Redis signed somebody out');
    expect((await me(server, dead.access)) === 401, 'an empty Redis brought an ended session back');
  }
}

/** Instances are killed in turn while people refresh, sign in and register. */
async function storm({ servers, launch, names, folder, expect, number }) {
  console.log(`  killing them ${KILLS} times in turn, while ${PEOPLE} people refresh, sign in and register`);
  const count = { refreshes: 0, lost: 0, signIns: 0, takenOver: 0 };
  const asked = new Map();
  const people = [];
  for (const name of names.slice(0, PEOPLE)) people.push({ name, ...(await signIn(servers[0], name)) });
  for (let round = 0; round < KILLS; round += 1) {
    const dying = round % 2;
    const flag = { over: false };
    const survivor = () => servers[1 - dying];
    const work = [
      ...people.map((person) => refreshing(person, servers, survivor, flag, count, expect)),
      ...names.slice(0, 3).map((name) => signingIn(name, servers, survivor, flag, count, expect)),
      ...[0, 1, 2, 3].map((writer) => registering(`soak_${round}_${writer}`, servers, flag, asked, expect)),
    ];
    await pause(200 + ((round * 377) % 500));
    const orphans = await killWithLetters(servers[dying], number);
    await pause(400);
    flag.over = true;
    await Promise.all(work);
    count.takenOver += await lapse(orphans, number);
    servers[dying] = await launch(servers[dying].port);
  }
  for (const person of people) {
    const answer = await api(servers[0].origin, 'POST', '/api/auth/refresh', { body: { refresh_token: person.refresh } });
    expect(answer.status === 200, `${person.name} was signed out: ${answer.status} ${JSON.stringify(answer.json)}`);
    expect((await me(servers[1], answer.json?.access_token)) === 200, `${person.name}'s session is not live any more`);
  }
  const reused = await number("SELECT COUNT(*) FROM sessions WHERE revoked_reason = 'refresh_reuse'");
  expect(reused === 0, `${reused} sessions were ended as if their tokens had been stolen`);
  await letters({ folder, asked, count, expect, number });
  console.log(`  ${count.refreshes} refreshes, of which ${count.lost} lost all their answers, and ${count.signIns} sign-ins; nobody was signed out`);
}

/** Shows one token three times at once, to either instance: every answer is the same successor, also where an instance died with the first ones. */
async function refreshing(person, servers, survivor, flag, count, expect) {
  while (!flag.over) {
    const show = (server) => api(server.origin, 'POST', '/api/auth/refresh', { body: { refresh_token: person.refresh } });
    const answers = await Promise.allSettled([0, 1, 2].map(() => show(servers[Math.random() < 0.5 ? 0 : 1])));
    let heard = answers.filter((answer) => answer.status === 'fulfilled').map((answer) => answer.value);
    if (heard.length === 0) {
      count.lost += 1;
      heard = [await show(survivor())];
    }
    const bad = heard.find((answer) => answer.status !== 200);
    if (bad) {
      expect(false, `a refresh was answered with ${bad.status} ${JSON.stringify(bad.json)}`);
      return;
    }
    const successors = new Set(heard.map((answer) => claims(answer.json.refresh_token).jti));
    expect(successors.size === 1, `one refresh token got ${successors.size} successors`);
    person.refresh = heard[0].json.refresh_token;
    count.refreshes += 1;
    if (count.refreshes % 8 === 0) expect((await me(survivor(), heard[0].json.access_token)) === 200, 'a new access token is not accepted');
  }
}

/** Somebody else's sign-ins, of which each ends with a sign-out: on the instance that stays when the other is gone. */
async function signingIn(name, servers, survivor, flag, count, expect) {
  while (!flag.over) {
    const server = servers[count.signIns % 2];
    const signedIn = await signIn(server, name).catch(() => signIn(survivor(), name));
    expect((await me(survivor(), signedIn.access)) === 200, 'a fresh session is not known to the other instance');
    await api(survivor().origin, 'POST', '/api/auth/logout', { token: signedIn.access });
    count.signIns += 1;
  }
}

/** New accounts, each of which gets a letter. Whether the answer came is noted. */
async function registering(prefix, servers, flag, asked, expect) {
  for (let next = 0; !flag.over; next += 1) {
    const username = `${prefix}_${next}`;
    asked.set(address(username), false);
    const body = { email: address(username), password: 'gerobak bakso biru muda', username };
    const answer = await api(servers[next % 2].origin, 'POST', '/api/auth/register', { body }).catch(() => undefined);
    if (!answer) continue;
    expect(answer.status === 200, `registering was answered with ${answer.status} ${JSON.stringify(answer.json)}`);
    asked.set(address(username), answer.status === 200);
  }
}

const HELD = "SELECT COALESCE(STRING_AGG(id || ':' || ENCODE(claim, 'hex'), ' ' ORDER BY id), '') FROM jobs WHERE claim IS NOT NULL AND dead_at IS NULL";
const held = async (number) => String(await number(HELD)).split(' ').filter(Boolean);

/** Kills an instance at a moment at which it has letters in its hands: those that nobody ends while it stands still. */
async function killWithLetters(server, number) {
  for (let attempt = 0; attempt < 60; attempt += 1) {
    server.child.kill('SIGSTOP');
    const before = await held(number);
    await pause(60);
    const after = before.length > 0 ? await held(number) : [];
    const orphans = before.filter((claim) => after.includes(claim));
    if (orphans.length > 0) {
      await stop(server, 'SIGKILL');
      return orphans;
    }
    server.child.kill('SIGCONT');
    await pause(7);
  }
  await stop(server, 'SIGKILL');
  return [];
}

/** Five minutes pass for the leases of a dead instance. How many there were. */
async function lapse(orphans, number) {
  let taken = 0;
  for (const orphan of orphans) {
    const [id, claim] = orphan.split(':');
    taken += await number(`WITH lapsed AS (UPDATE jobs SET due_at = due_at - 300000000 WHERE id = ${id} AND claim = DECODE('${claim}', 'hex') RETURNING id) SELECT COUNT(*) FROM lapsed`);
  }
  return taken;
}

/** Every letter that was promised went out: at least once, and as one letter. */
async function letters({ folder, asked, count, expect, number }) {
  const left = 'SELECT COUNT(*) FROM jobs WHERE dead_at IS NULL';
  const deadline = Date.now() + 90_000;
  while ((await number(left)) > 0 && Date.now() < deadline) await pause(250);
  expect((await number(left)) === 0, `${await number(left)} letters still wait`);
  expect((await number('SELECT COUNT(*) FROM jobs WHERE dead_at IS NOT NULL')) === 0, 'letters were given up');
  const sent = new Map();
  let files = 0;
  for (const name of readdirSync(join(folder, 'outbox')).filter((file) => file.endsWith('.eml'))) {
    const to = /^To: .*?([\w.]+@demo\.example)/m.exec(readFileSync(join(folder, 'outbox', name), 'utf8'))?.[1];
    if (!asked.has(to)) continue;
    files += 1;
    sent.set(to, (sent.get(to) ?? new Set()).add(name.replace(/^\d+-/, '')));
  }
  for (const [to, answered] of asked) {
    const letters = sent.get(to)?.size ?? 0;
    expect(letters <= 1 && (letters === 1 || !answered), `${to} got ${letters} letters${answered ? '' : ', unasked'}`);
  }
  expect(count.takenOver > 0, 'no instance was killed with a letter in its hands');
  console.log(`  ${sent.size} letters went out, ${files - sent.size} of them twice; ${count.takenOver} were taken over from a dead instance`);
}
