// Passkeys with Chromium's virtual authenticator: made, shown by a button and by autofill, removed.
import { at, PASSWORD, awake, expect, mailTo, open, picture, signIn, test, wellMade, type Page } from './site';

type Device = { credentials: () => Promise<number>; verify: (yes: boolean) => Promise<void> };

/** A phone's or laptop's own authenticator. */
async function device(page: Page): Promise<Device> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true,
    },
  });
  return {
    credentials: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
    verify: async (yes) => void (await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: yes })),
  };
}

/** A person of this test alone: registered and confirmed over the API. */
async function person(page: Page): Promise<string> {
  const name = `pk_${test.info().project.name.slice(0, 2)}${test.info().title.length}${Date.now() % 1e7}`;
  const email = `${name}@contoh.example`;
  const origin = { origin: process.env.E2E_ORIGIN! };
  expect((await page.request.post('/api/auth/register', { headers: origin, data: { email, username: name, password: PASSWORD } })).ok()).toBe(true);
  const token = /\/verify\?token=(\S+)/.exec(await mailTo(email))![1];
  expect((await page.request.post('/api/auth/verify/confirm', { headers: origin, data: { token } })).ok()).toBe(true);
  return email;
}

/** Through the page that asks whether it is oneself. */
async function confirm(page: Page) {
  await expect(page).toHaveURL(at('/account/sudo'));
  await page.fill('[name=password]', PASSWORD);
  await page.locator('main form button.btn-primary').click();
}

/** Somebody who just made a passkey, on the page that says so. */
async function withPasskey(page: Page): Promise<{ phone: Device; email: string }> {
  const phone = await device(page);
  const email = await person(page);
  await signIn(page, email);
  await page.goto('/account/passkeys');
  await awake(page);
  await page.locator('form[data-passkey=create] button').click();
  await confirm(page);
  await awake(page);
  await page.locator('form[data-passkey=create] button').click();
  await expect(page.locator('.row-title')).toHaveCount(1);
  return { phone, email };
}

async function signOut(page: Page) {
  await page.locator('header .menu').last().locator('summary').click();
  await page.locator('form[action="/logout"] button').click();
}

for (const lang of ['id', 'en']) {
  test(`a passkey is made, signs in by a button, and is removed (${lang})`, async ({ browser }) => {
    test.setTimeout(60_000);
    const page = await open(browser, { lang });
    const phone = await device(page);
    const email = await person(page);
    await signIn(page, email);

    await page.goto('/account/passkeys');
    await awake(page);
    await wellMade(page);
    await page.locator('form[data-passkey=create] button').click();
    await confirm(page);
    await expect(page).toHaveURL(at('/account/passkeys'));
    await awake(page);
    await page.fill('form[data-passkey=create] [name=name]', 'Laptop kantor');
    await page.locator('form[data-passkey=create] button').click();
    await expect(page.locator('.flash-success')).toBeVisible();
    await expect(page.locator('.row-title')).toHaveText('Laptop kantor');
    expect(await phone.credentials()).toBe(1);
    await wellMade(page);
    await picture(page, `${lang}-passkeys`);

    await signOut(page);
    await phone.verify(false);
    await page.goto('/login?next=/account/passkeys');
    await awake(page);
    await picture(page, `${lang}-login-passkey`);
    await page.locator('form[data-passkey=get] button').click();
    await expect(page.locator('form[data-passkey=get] .error:visible'), 'nobody was verified').toHaveCount(1);
    await phone.verify(true);
    // Autofill, which waits again after the refusal, may be quicker than the button: either signs in.
    await page.locator('form[data-passkey=get] button').click({ timeout: 5_000 }).catch(() => undefined);
    await expect(page).toHaveURL(at('/account/passkeys'));

    await page.locator('.fold summary').click();
    await page.locator('.fold [name=remove]').click();
    await expect(page, 'a sign-in with a passkey is no confirmation').toHaveURL(at('/account/sudo'));
    await awake(page);
    await picture(page, `${lang}-sudo-passkey`);
    await page.locator('form[data-passkey=get] button').click();
    await expect(page).toHaveURL(at('/account/passkeys'));
    await page.locator('.fold summary').click();
    await page.locator('.fold [name=remove]').click();
    await expect(page.locator('.empty')).toBeVisible();
    await page.context().close();
  });
}

test('autofill signs in without a button', async ({ browser }) => {
  const page = await open(browser, { lang: 'id' });
  const { phone } = await withPasskey(page);
  expect(await phone.credentials()).toBe(1);
  await signOut(page);
  // The virtual authenticator picks the suggestion as soon as the page asks for it.
  await page.goto('/login?next=/account/sessions');
  await expect(page).toHaveURL(at('/account/sessions'));
  await page.context().close();
});

test('a passkey is offered after a sign-in with a password', async ({ browser }) => {
  const page = await open(browser, { lang: 'en' });
  const phone = await device(page);
  const email = await person(page);
  await page.goto('/login?next=/forum');
  await awake(page);
  await expect(page.locator('input[name=passkeys]')).toHaveValue('1');
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', PASSWORD);
  await page.locator('main form button.btn-primary').first().click();
  await page.waitForURL(at('/account/passkeys/offer', '/forum'));
  if (/offer/.test(page.url())) {
    await wellMade(page);
    await picture(page, 'passkey-offer');
    // Where the browser made one by itself meanwhile, the page is left already.
    await page.locator('form[data-passkey=create] button').click({ timeout: 5000 }).catch(() => undefined);
  }
  await expect(page).toHaveURL(at('/forum'));
  expect(await phone.credentials()).toBe(1);
  await page.context().close();
});

test('a password that a mailed link set is used with the passkey once', async ({ browser }) => {
  const page = await open(browser, { lang: 'id' });
  const { phone, email } = await withPasskey(page);
  await expect(page.locator('.flash form button'), 'signing out elsewhere is offered').toBeVisible();
  await signOut(page);
  await phone.verify(false);

  const set = 'gerimis di pelabuhan lama';
  const origin = { origin: process.env.E2E_ORIGIN! };
  expect((await page.request.post('/api/auth/forgot-password', { headers: origin, data: { email } })).ok()).toBe(true);
  let token: string | undefined;
  await expect.poll(async () => (token = /\/reset\?token=(\S+)/.exec(await mailTo(email))?.[1])).toBeTruthy();
  expect((await page.request.post('/api/auth/reset-password', { headers: origin, data: { token, password: set } })).ok()).toBe(true);

  await page.goto('/login?next=/forum');
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', set);
  await page.locator('main form button.btn-primary').first().click();
  await expect(page).toHaveURL(at('/login/2fa'));
  await awake(page);
  await wellMade(page);
  await picture(page, 'mailed-password');
  await phone.verify(true);
  await page.locator('form[data-passkey=get] button').click();
  await expect(page).toHaveURL(at('/forum'));
  await page.context().close();
});

test('without scripts the pages say so and offer the password', async ({ browser }) => {
  const page = await open(browser, { lang: 'en', scripts: false });
  await page.goto('/login');
  // Texts of `main` leave out what stands in `noscript`, though it is shown.
  await expect(page.locator('main noscript .hint').first()).toBeVisible();
  await expect(page.locator('main noscript .hint').first()).toContainText('Signing in with a passkey needs JavaScript');
  await expect(page.locator('form[data-passkey]')).toBeHidden();
  await signIn(page);
  await page.goto('/account/passkeys');
  await expect(page.locator('main noscript .hint').first()).toContainText('Making a passkey needs JavaScript');
  await page.context().close();
});
