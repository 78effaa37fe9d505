import { holdsSecret, looksLikeSecret } from '../../src/capture/plaintext-secrets.lambda-shared';

describe('a name says that its value is a secret', () => {
  test.each([
    'PASSWORD', 'DB_PASSWORD', 'dbPassword', 'spring.datasource.password', 'MYSQL_ROOT_PASSWORD', 'REDIS_PASS', 'CLIENT_SECRET', 'clientSecret', 'GITHUB_TOKEN',
    'API_KEY', 'apiKey', 'stripe-api-key', 'AWS_SECRET_ACCESS_KEY', 'JWT_PRIVATE_KEY', 'ENCRYPTION_KEY', 'DB_CREDENTIALS', 'splunk-token', 'GPG_PASSPHRASE',
  ])('%s', (name) => {
    expect(looksLikeSecret({ name, value: 'hunter2!' })).toBe(true);
  });

  test.each([
    'PASSWORD_FILE', 'SECRET_NAME', 'SECRET_ARN', 'TOKEN_URL', 'TOKEN_TTL_SECONDS', 'PASSWORD_MIN_LENGTH', 'KEY', 'PRIMARY_KEY', 'MONKEY', 'COMPASS', 'TOKENIZER',
    'AUTHOR', 'SECRETARY', 'API_KEY_ID',
  ])('but %s does not', (name) => {
    expect(looksLikeSecret({ name, value: 'hunter2!' })).toBe(false);
  });
});

describe('a value is none, whatever its name', () => {
  test.each([
    '', 'true', 'FALSE', 'none', '3600', 'arn:aws:secretsmanager:eu-west-2:111122223333:secret:db-AbCdEf', '/run/secrets/db', 'https://login.example.com/token',
    '${DB_PASSWORD}', '{{resolve:secretsmanager:db}}', '<your password>',
  ])('%s', (value) => {
    expect(looksLikeSecret({ name: 'DB_PASSWORD', value })).toBe(false);
  });
});

describe('a value is a secret, whatever its name', () => {
  test.each([
    ['an access key of AWS', 'AKIAIOSFODNN7EXAMPLE'],
    ['a temporary one', 'ASIAIOSFODNN7EXAMPLE'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIE'],
    ['a private key without an algorithm', '-----BEGIN PRIVATE KEY-----'],
    ['a private key of OpenSSH', '-----BEGIN OPENSSH PRIVATE KEY-----'],
    ['a token of GitHub', `ghp_${'a1B2'.repeat(9)}`],
    ['a fine-grained token of GitHub', `github_pat_${'a1B2c3_'.repeat(4)}`],
    ['a token of GitLab', `glpat-${'a1B2-'.repeat(4)}`],
    ['a token of npm', `npm_${'a1B2'.repeat(9)}`],
    ['a token of Slack', 'xoxb-123456789012-abcdef'],
    ['a key of Stripe', `sk_live_${'a1B2'.repeat(6)}`],
    ['a key of Google', `AIza${'a1B2c3D'.repeat(5)}`],
    ['a key of SendGrid', `SG.${'a'.repeat(22)}.${'b'.repeat(43)}`],
    ['a JSON web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N'],
    ['a URL with a password', 'postgres://app:hunter2@db.internal:5432/app'],
    ['a URL with a password and no user', 'redis://:hunter2@cache:6379'],
    ['a URL within a text', 'jdbc settings are mysql://root:p%40ss@db/app?ssl=true'],
  ])('%s', (_, value) => {
    expect(looksLikeSecret({ name: 'SETTING', value })).toBe(true);
    expect(holdsSecret(`--option ${value}`)).toBe(true);
  });

  test.each([
    ['a URL without a password', 'https://example.com:8443/path?at=a@b'],
    ['a URL with a user alone', 'https://app@example.com'],
    ['a URL that is filled in', 'postgres://app:${DB_PASSWORD}@db/app'],
    ['an ARN', 'arn:aws:iam::111122223333:role/app'],
    ['a public key', '-----BEGIN PUBLIC KEY-----'],
    ['a word with the letters of a key', 'XAKIAIOSFODNN7EXAMPLEX'],
    ['an image', '111122223333.dkr.ecr.eu-west-2.amazonaws.com/web@sha256:28402db69fec7c17e179ea87882667f1e054391138f77ffaf0c3eb388efc3ffb'],
    ['a date', '2026-11-29T05:00:00Z'],
  ])('but not %s', (_, value) => {
    expect(looksLikeSecret({ name: 'SETTING', value })).toBe(false);
  });
});

test('a long text is looked through in time', () => {
  const begun = Date.now();
  [`${'a'.repeat(30_000)}`, `a://${':'.repeat(30_000)}`, `${'eyJaaaaaaaa.'.repeat(3_000)}`, `${'eyJaaaaaaaa-'.repeat(3_000)}`, `${'a+'.repeat(15_000)}`].forEach(holdsSecret);

  expect(Date.now() - begun).toBeLessThan(1_000);
});
