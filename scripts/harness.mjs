// What `scripts/bench` and `scripts/soak` share: starting servers on free loopback ports, asking them, ending them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** The demonstration accounts' password. */
export const PASSWORD = 'periksa-dua-kali-26';

const children = new Set();
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** An address that nobody listens on; taken again at once, so that a rare collision ends in an error and not in a wrong figure. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Which core the measured server has; everything else has the others. */
export const SERVER_CORE = '0';
export const OTHER_CORES = cpus().length > 2 ? `1-${cpus().length - 1}` : '1';

/** A command that goes on until it is killed, at the latest with us. */
export function background(command, args) {
  const child = spawn(command, args, { stdio: 'ignore' });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** Runs a command to its end: what it wrote. Fails when it fails. */
export async function run(command, args, env = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  let out = '';
  let problems = '';
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => (problems += data));
  const [code] = await once(child, 'close');
  children.delete(child);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${problems.slice(-2000)}`);
  return out;
}

/**
 * Starts a server and waits until it answers.
 * `options`: `env`; `ready` (a path that answers 200 when it is); `core` (pins it); `port`.
 */
export async function start(binary, args, options = {}) {
  const port = options.port ?? (await freePort());
  const origin = `http://localhost:${port}`;
  const ready = options.ready ?? '/health';
  const [command, ...rest] = options.core === undefined ? [binary, ...args] : ['taskset', '-c', options.core, binary, ...args];
  const env = { ...process.env, BIND: `127.0.0.1:${port}`, PUBLIC_ORIGIN: origin, RATE_LIMIT_FACTOR: '1000000', RUST_LOG: 'warn', ...options.env };
  const begun = performance.now();
  const child = spawn(command, rest, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  children.add(child);
  const server = { child, port, origin, log: '', startedMs: 0 };
  child.stderr.on('data', (data) => (server.log += data));
  const ended = once(child, 'exit').then(() => children.delete(child));
  server.ended = ended;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${binary} ended before it was ready\n${server.log.slice(-2000)}`);
    if (performance.now() - begun > 60_000) throw new Error(`${binary} was not ready after a minute\n${server.log.slice(-2000)}`);
    const status = await fetch(origin + ready).then((answer) => answer.arrayBuffer().then(() => answer.status), () => 0);
    if (status === 200) break;
    await pause(2);
  }
  server.startedMs = performance.now() - begun;
  return server;
}

/** Ends a server with a signal, and waits for it. */
export async function stop(server, signal = 'SIGTERM') {
  server.child.kill(signal);
  await server.ended;
}

/** Memory that a server holds, in MiB. */
export function memory(server) {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))[1];
  return Number(kib) / 1024;
}

/** Processor time that a server has used, in seconds. */
export function processorTime(server) {
  const fields = readFileSync(`/proc/${server.child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Loads a URL with wrk from the other cores. */
export async function wrk(url, seconds, connections, headers = []) {
  const args = ['-c', OTHER_CORES, 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--latency', ...headers.flatMap((header) => ['-H', header]), url];
  const out = await run('taskset', args);
  const bad = /Non-2xx or 3xx responses: (\d+)/.exec(out) ?? /Socket errors: (.*)/.exec(out);
  if (bad) throw new Error(`${url}: ${bad[0]}`);
  const number = (pattern) => Number(pattern.exec(out)[1]);
  const milliseconds = (pattern) => {
    const [, value, unit] = pattern.exec(out);
    return Number(value) * { us: 0.001, ms: 1, s: 1000 }[unit];
  };
  return {
    requests: number(/(\d+) requests in/),
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p50: milliseconds(/ 50%\s+([\d.]+)(us|ms|s)/),
    p99: milliseconds(/ 99%\s+([\d.]+)(us|ms|s)/),
  };
}

/** Calls the JSON API: status and body. */
export async function api(origin, method, path, { token, body, headers } = {}) {
  const answer = await fetch(origin + path, {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...(token && { authorization: `Bearer ${token}` }), ...headers },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, json: text.startsWith('{') ? JSON.parse(text) : undefined };
}

/** Signs in: an access token. */
export async function signIn(origin, email) {
  const answer = await api(origin, 'POST', '/api/auth/login', { body: { email, password: PASSWORD } });
  if (answer.status !== 200) throw new Error(`${email} can't sign in: ${answer.status} ${JSON.stringify(answer.json)}`);
  return answer.json.access_token;
}
