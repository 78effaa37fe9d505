/** A variable as it is configured. */
export interface Variable {
  readonly name: string;
  readonly value: string;
}

/** The last words of a name that say that its value is a secret. */
const SECRET_NAMES = [
  'PASSWORD', 'PASSWD', 'PASS', 'PWD', 'PASSPHRASE', 'PASSCODE', 'SECRET', 'TOKEN', 'CREDENTIAL', 'CREDENTIALS', 'APIKEY',
  'API KEY', 'ACCESS KEY', 'SECRET KEY', 'PRIVATE KEY', 'ENCRYPTION KEY', 'SIGNING KEY', 'MASTER KEY', 'AUTH KEY', 'ACCOUNT KEY',
];

/** Values that are secrets, whatever they are named. What is repeated has a limit, so that a long text takes no time. */
const SECRET_VALUES = [
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/, // an access key of AWS
  /-----BEGIN ([A-Z0-9]+ ){0,3}PRIVATE KEY/,
  /\bgh[opsur]_[A-Za-z0-9]{36}|\bgithub_pat_\w{22}/, // GitHub
  /\bglpat-[\w-]{20}/, // GitLab
  /\bnpm_[A-Za-z0-9]{36}/,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10}/, // Slack
  /\b[rs]k_(live|test)_[A-Za-z0-9]{16}/, // Stripe
  /\bAIza[\w-]{35}/, // Google
  /\bSG\.[\w-]{22}\.[\w-]{43}/, // SendGrid
  /\beyJ[\w-]{8,1000}\.eyJ[\w-]{8,4000}\.[\w-]{8}/, // a JSON web token
  /\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s/?#:@]{0,200}:[^\s/?#@${<]{1,500}@/i, // a URL with a password in it, which is not filled in later
];

/** Values that say where a secret is, or that there is one. */
const NO_SECRET = /^(true|false|yes|no|none|null|\d{1,5}|arn:.*|\/.*|[a-z][a-z0-9+.-]*:\/\/.*|\$\{.*\}|\{\{.*\}\}|<.*>)?$/is;

/** Whether a value that everybody can read who may read the configuration looks like a secret. */
export function looksLikeSecret({ name, value }: Variable): boolean {
  return holdsSecret(value) || (isNameOfSecret(name) && !NO_SECRET.test(value));
}

/** Whether there is a secret in a text that has no name, as the arguments of a command. */
export function holdsSecret(text: string): boolean {
  return SECRET_VALUES.some((pattern) => pattern.test(text));
}

function isNameOfSecret(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^A-Za-z0-9]+/).filter((word) => word !== '').map((word) => word.toUpperCase());
  return SECRET_NAMES.some((secret) => words.slice(-secret.split(' ').length).join(' ') === secret);
}
