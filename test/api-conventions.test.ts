import * as path from 'path';
import { isClassType, isEnumType, isInterfaceType, loadAssemblyFromPath } from '@jsii/spec';
import type { ClassType, Docs, EnumType, InterfaceType, Method, Parameter, Property, Type, TypeReference } from '@jsii/spec';

/**
 * The whole API against the rules that its users rely on, read from what the compiler wrote.
 */
const types: Type[] = Object.values(loadAssemblyFromPath(path.join(__dirname, '..')).types ?? {});
const classes = types.filter((type): type is ClassType => isClassType(type));
const structs = types.filter((type): type is InterfaceType => isInterfaceType(type) && type.datatype === true);
const interfaces = types.filter((type): type is InterfaceType => isInterfaceType(type) && !type.datatype);
const enums = types.filter((type): type is EnumType => isEnumType(type));
const constructs = classes.filter(({ base }) => base === 'constructs.Construct');

type Named<T> = readonly [name: string, what: T];

const propertiesOf = (...of: (ClassType | InterfaceType)[]): Named<Property>[] =>
  of.flatMap((type) => (type.properties ?? []).map((property) => [`${type.name}.${property.name}`, property] as const));
const methodsOf = (...of: (ClassType | InterfaceType)[]): Named<Method>[] =>
  of.flatMap((type) => (type.methods ?? []).map((method) => [`${type.name}.${method.name}`, method] as const));
const parametersOf = (methods: Named<{ parameters?: Parameter[] }>[]): Named<Parameter>[] =>
  methods.flatMap(([name, { parameters = [] }]) => parameters.map((parameter) => [`${name}(${parameter.name})`, parameter] as const));
const initializers = classes.flatMap((type): Named<{ parameters?: Parameter[]; docs?: Docs }>[] => type.initializer ? [[`${type.name}.constructor`, type.initializer]] : []);

const properties = propertiesOf(...classes, ...structs, ...interfaces);
const methods = methodsOf(...classes, ...interfaces);
const parameters = [...parametersOf(methods), ...parametersOf(initializers)];

/** What a class takes over from an interface of ours, or from a class of the CDK, is documented there. */
const documentedElsewhere = new Set([...[...propertiesOf(...interfaces), ...methodsOf(...interfaces)].map(([name]) => name.split('.')[1]), 'addToPrincipalPolicy']);
const isOwn = ([name]: Named<unknown>) => interfaces.some((type) => name.startsWith(`${type.name}.`)) || !documentedElsewhere.has(name.split('.')[1]);

function isDocumented(docs: Docs | undefined, atLeast = 10): boolean {
  return (docs?.summary ?? '').trim().length >= atLeast;
}

/** The names of those that break a rule. */
function breaking<T>(all: readonly Named<T>[], holds: (what: T, name: string) => boolean): string[] {
  expect(all.length).toBeGreaterThan(0);
  return all.filter(([name, what]) => !holds(what, name)).map(([name]) => name);
}

test('every type says what it is', () => {
  expect(breaking(types.map((type) => [type.name, type]), ({ docs }) => isDocumented(docs))).toEqual([]);
});

test('every property and method says what it is', () => {
  expect(breaking<Property | Method>([...properties, ...methods].filter(isOwn), ({ docs }) => isDocumented(docs))).toEqual([]);
});

test('every member of an enum says what it is', () => {
  expect(breaking(enums.flatMap((type) => type.members.map((member) => [`${type.name}.${member.name}`, member] as const)), ({ docs }) => isDocumented(docs, 6))).toEqual([]);
});

test('every optional property of a struct says what happens when it is left out', () => {
  // Words behind a dash, a literal, or an expression that a reader can write.
  const isDefault = /^(- \S.{7,}|true|false|\d+|[A-Z]\w+\.\w+(\(\d+\))?)$/s;
  expect(breaking(propertiesOf(...structs).filter(([, { optional }]) => optional), ({ docs }) => isDefault.test(docs?.default ?? ''))).toEqual([]);
});

test('every parameter is explained, unless its method says all there is to say', () => {
  const isPlain = ({ name, docs }: Parameter) => ['scope', 'id', 'props', 'options', 'attrs', 'metricName', 'statement'].includes(name) || isDocumented(docs, 4);
  expect(breaking(parameters, isPlain)).toEqual([]);
});

test('nothing is a union, and nothing is of any type', () => {
  const references: Named<TypeReference | undefined>[] = [
    ...[...properties, ...parameters].map(([name, { type }]) => [name, type] as const),
    ...methods.map(([name, { returns }]) => [name, returns?.type] as const),
  ];
  expect(breaking(references, (type) => !/"union"|"primitive":"(any|json)"/.test(JSON.stringify(type ?? {})))).toEqual([]);
});

test('no property can be set after construction', () => {
  expect(breaking(properties, ({ immutable }) => immutable === true)).toEqual([]);
});

test('every span is a Duration', () => {
  const spans = propertiesOf(...structs).filter(([name]) => /(After|Window|Retention|interval|changeableFor|rto|rpo)$/.test(name));
  expect(breaking(spans, ({ type }) => 'fqn' in type && type.fqn === 'aws-cdk-lib.Duration')).toEqual([]);
});

test('structs and interfaces are named for what they are', () => {
  expect(breaking(structs.map((type) => [type.name, type]), (_, name) => /(Props|Options|Overrides|Attributes|Capabilities)$/.test(name))).toEqual([]);
  expect(breaking(interfaces.map((type) => [type.name, type]), (_, name) => /^I[A-Z]/.test(name))).toEqual([]);
});

test('every construct takes scope, id and props, has an example and says what it throws', () => {
  expect(breaking(constructs.map((type) => [type.name, type]), ({ docs, initializer }) =>
    initializer?.parameters?.map(({ name }) => name).join() === 'scope,id,props' && docs?.example !== undefined && initializer.docs?.custom?.throws !== undefined)).toEqual([]);
});

test('every factory and every class that refuses input has the page of AWS or an example beside it', () => {
  expect(breaking(classes.map((type) => [type.name, type]), ({ docs }) => docs?.see !== undefined || docs?.example !== undefined || /^Permissions/.test(docs?.summary ?? ''))).toEqual([]);
});

test('the API is what the README promises', () => {
  expect(types.map(({ name }) => name)).toEqual(expect.arrayContaining([
    'BackupCopy', 'BackupRegionSettings', 'BackupTarget', 'BackupTier', 'CopySource', 'DrRole', 'FailureScope', 'IReplicatedBackupVault',
    'OrganizationBackupSettings', 'RecoveryObjective', 'ReplicatedBackupVault', 'ResourceType', 'TieredBackupPlan', 'VaultLock', 'WeekDay',
  ]));
});
