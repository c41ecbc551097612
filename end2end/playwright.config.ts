// Browser tests against a server that scripts/e2e started. Each test runs on a phone and on a desktop; scripts on or off,
// and the language, are chosen by the tests themselves.
import { defineConfig } from '@playwright/test';
import { existsSync } from 'node:fs';

const chromium = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export default defineConfig({
  testDir: './tests',
  outputDir: './artifacts/results',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 30_000,
  reporter: [['list']],
  use: {
    baseURL: process.env.E2E_ORIGIN,
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: [
        ...asRoot, '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'desktop', use: { viewport: { width: 1280, height: 900 } } },
    { name: 'phone', use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 } },
  ],
});
