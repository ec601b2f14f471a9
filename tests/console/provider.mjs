// A real provider (OpenID Connect) for the tests, on a free port of this machine, which it says when it is ready.
// argv: the folder of the npm packages, and JSON of `clients` and `people` (by login: their claims).
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const found = createRequire(`${process.argv[2]}/`).resolve('oidc-provider');
const { Provider } = await import(pathToFileURL(found));
const { clients, people } = JSON.parse(process.argv[3]);

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients,
    claims: { openid: ['sub'], profile: ['name', 'groups'] },
    features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    // By default it tells no address of this machine that somebody has signed out.
    fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined }),
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  });
  server.on('request', provider.callback());
  console.log(`ready ${port}`);
});
