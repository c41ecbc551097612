// Signing in with another service: a real OpenID provider on another site, its pages walked as a person does.
import { at, expect, mailTo, open, PASSWORD, picture, signIn, test, wellMade, type Page } from './site';

/** A name that nobody has in this run. */
function fresh(prefix: string): string {
  return `${prefix}${test.info().project.name.slice(0, 1)}${test.info().title.length}${Date.now() % 1e6}`;
}

/** Through the provider's two pages: who one is, and that one agrees. */
async function atProvider(page: Page, name: string) {
  await expect(page.locator('input[name=login]')).toBeVisible();
  await page.fill('input[name=login]', name);
  await page.fill('input[name=password]', 'apa-saja');
  await page.locator('button[type=submit]').click();
  await page.locator('input[value=consent]').waitFor({ state: 'attached' });
  await page.locator('button[type=submit]').click();
}

for (const scripts of [true, false]) {
  test(`an account is made with another service, and it signs in again (scripts ${scripts ? 'on' : 'off'})`, async ({ browser }) => {
    const name = fresh('o');
    const page = await open(browser, { lang: 'id', scripts });
    await page.goto('/login?next=/forum');
    if (scripts) await wellMade(page);
    await page.getByRole('link', { name: 'Lanjutkan dengan Kampus' }).click();
    await atProvider(page, name);
    await expect(page).toHaveURL(at('/register/federated'));
    await expect(page.locator('[name=email]')).toHaveValue(`${name}@contoh.id`);
    await expect(page.locator('[name=username]')).toHaveValue(name);
    if (scripts) await wellMade(page);
    await picture(page, 'federated-register');
    await page.locator('[name=accept_terms]').check();
    await page.locator('main form button.btn-primary').click();
    await expect(page).toHaveURL(at('/forum'));
    await page.context().clearCookies({ name: /aivalid_(access|refresh)/ });

    await page.goto('/login');
    await page.getByRole('link', { name: 'Lanjutkan dengan Kampus' }).click();
    await expect(page).toHaveURL(at('/'));
    await page.goto('/account');
    await expect(page.locator('[name=username]')).toHaveValue(name);
  });
}

/** Somebody with an account and a confirmed address, made over the API. */
async function person(page: Page, name: string): Promise<string> {
  const email = `${name}@contoh.id`;
  const headers = { origin: process.env.E2E_ORIGIN! };
  expect((await page.request.post('/api/auth/register', { headers, data: { email, username: name, password: PASSWORD } })).ok()).toBe(true);
  const token = /\/verify\?token=(\S+)/.exec(await mailTo(email))![1];
  expect((await page.request.post('/api/auth/verify/confirm', { headers, data: { token } })).ok()).toBe(true);
  return email;
}

test('the owner of a known address signs in once and connects', async ({ browser }) => {
  const name = fresh('p');
  const page = await open(browser);
  const email = await person(page, name);
  await page.goto('/login');
  await page.getByRole('link', { name: 'Lanjutkan dengan Kampus' }).click();
  await atProvider(page, name);
  await expect(page).toHaveURL(at('/account/connect'));
  await wellMade(page);
  await picture(page, 'federated-known');
  await page.locator('main a.btn-primary').click();
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', PASSWORD);
  await page.locator('main form button.btn-primary').click();
  // The offer of a passkey comes first where the device could keep one.
  await page.waitForURL((url) => url.pathname.startsWith('/account/'));
  await page.goto('/account/connect');
  await wellMade(page);
  await picture(page, 'federated-connect');
  await page.locator('main button.btn-primary').click();
  await expect(page.locator('.flash')).toContainText('Layanan terhubung');
  await page.goto('/account/connections');
  await expect(page.locator('main')).toContainText(email);
  await wellMade(page);
  await picture(page, 'connections');
});

test('the account page connects and disconnects, each after a fresh proof', async ({ browser }) => {
  const name = fresh('q');
  const page = await open(browser);
  await signIn(page, await person(page, name));
  await page.goto('/account/connections');
  await wellMade(page);
  await picture(page, 'connections-none');
  const connect = page.getByRole('link', { name: 'Hubungkan Kampus' });
  await connect.click();
  await expect(page).toHaveURL(at('/account/sudo'));
  await page.fill('[name=password]', PASSWORD);
  await page.locator('main form button.btn-primary').click();
  await expect(page).toHaveURL(at('/account/connections'));
  await connect.click();
  await atProvider(page, fresh('r'));
  await expect(page).toHaveURL(at('/account/connections'));
  await expect(page.locator('.flash')).toContainText('Layanan terhubung');
  await page.getByRole('button', { name: 'Putuskan Kampus' }).click();
  await expect(page.locator('.flash')).toContainText('Layanan diputuskan');
  await expect(connect).toBeVisible();
});

test('who changes their mind is told so on the sign-in page', async ({ browser }) => {
  const page = await open(browser, { lang: 'en' });
  await page.goto('/login?next=/forum');
  await page.getByRole('link', { name: 'Continue with Kampus' }).click();
  await page.locator('a[href$="/abort"]').click();
  await expect(page).toHaveURL(at('/login'));
  await expect(page.locator('.flash')).toContainText('You cancelled');
  await wellMade(page);
  await picture(page, 'login-cancelled');
});
