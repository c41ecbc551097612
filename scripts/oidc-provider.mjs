// A real OpenID provider for tests: every name may sign in with any password. Claims follow from the name: the address is
// NAME@contoh.id, which the provider vouches for unless the name begins with `belum`; `tanpa…` have none.
//
//   node scripts/oidc-provider.mjs REDIRECT_URI...
//
// Writes its issuer's address as one line and ends when its input does. Client `aivalid`, secret `rahasia-untuk-uji`.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'aivalid', client_secret: 'rahasia-untuk-uji', redirect_uris: process.argv.slice(2), grant_types: ['authorization_code'], response_types: ['code'] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['preferred_username'] },
    cookies: { keys: ['kunci-untuk-uji'] },
    pkce: { required: () => true },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        preferred_username: id,
        ...(!id.startsWith('tanpa') && { email: `${id}@contoh.id`, email_verified: !id.startsWith('belum') }),
      }),
    }),
  });
  server.on('request', provider.callback());
  process.stdout.write(`${issuer}\n`);
});
// Whoever started it may have read all they wanted.
process.stdout.on('error', () => {});
process.stdin.on('end', () => process.exit(0)).resume();
