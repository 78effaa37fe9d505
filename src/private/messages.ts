import { rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { afterAllInEachStage, isBeingSynthesized, stageOf, takePartInSynthesis } from './at-synthesis';
import { isInTree } from './ordering';

/** Pattern of tokens of the AWS CDK in strings and lists. */
const TOKEN = /[#$]\{Token\[[^\]]*\]\}/g;
const QUOTED_TOKEN = new RegExp(`(['"])${TOKEN.source}\\1`, 'g');

/** Pattern of number tokens of the AWS CDK. */
const NUMBER = /-1\.888154589\d*e\+289/g;

/** A text for users, in which tokens are replaced by words. */
export function withoutTokens(text: string): string {
  return text.replace(QUOTED_TOKEN, 'a token').replace(TOKEN, '<token>').replace(NUMBER, '<token>');
}

/** What constructs call by other names than those that the user wrote, with what the user wrote. */
export type Words = readonly (readonly [inner: RegExp, outer: string])[];

/** Shared by every copy of this library in an app. */
const WORDS = Symbol.for('cdk-backup-dr.words');
type WithWords = IConstruct & { [WORDS]?: Words };

/** Has all messages and errors of what is below a construct name what its user wrote: properties of its parts are none of the user's. */
export function sayBelow(scope: WithWords, words: Words): void {
  scope[WORDS] = words;
}

/** A text about a construct, in the words of whoever wrote what that is a part of. */
export function inWordsOf(scope: IConstruct | undefined, text: string): string {
  const words = scope?.node.scopes.slice(0, -1).flatMap((each: WithWords) => each[WORDS] ?? []) ?? [];
  return words.reduce((said, [inner, outer]) => said.replace(inner, outer), text);
}

/**
 * Level of a message: a warning if a backup could be worthless or a setting is certainly unintended; an info for what could not be
 * checked.
 */
type Level = 'warning' | 'info' | 'not checked';

/**
 * A message of this library.
 */
interface Message {
  readonly id: string;
  readonly level: Level;
  readonly text: string;
}

/** Adds a warning that can be acknowledged. */
export function warn(scope: IConstruct, id: string, message: string): void {
  say(scope, { id: `${PREFIX}${id}`, level: 'warning', text: inWordsOf(scope, withoutTokens(message)) });
}

/** Adds an info that can be acknowledged. */
export function inform(scope: IConstruct, id: string, message: string): void {
  say(scope, { id: `${PREFIX}${id}`, level: 'info', text: inWordsOf(scope, withoutTokens(message)) });
}

/** Adds an info, which can be acknowledged, that something is not checked. `unchecked` of the registry registers that, too. */
export function informUnchecked(scope: IConstruct, id: string, reason: string): void {
  say(scope, { id: `${PREFIX}${id}`, level: 'not checked', text: inWordsOf(scope, reason) });
}

const PREFIX = 'cdk-backup-dr:';

/** The messages of a Stage, by their construct. Known to every copy of this library in an app. */
const MESSAGES = Symbol.for('cdk-backup-dr.messages');

type Messages = Map<IConstruct, Message[]>;

function messagesIn(stage: IConstruct & { [MESSAGES]?: Messages }): Messages {
  return stage[MESSAGES] ??= new Map();
}

function say(scope: IConstruct, message: Message): void {
  const messages = messagesIn(stageOf(scope));
  const said = messages.get(scope) ?? [];
  const { id, level, text } = message;
  if (said.some((other) => other.id === id && other.text === text)) {
    return;
  }
  said.push(message);
  messages.set(scope, said);
  takePartInSynthesis(scope);
  if (isAcknowledged(scope, id)) {
    return;
  }
  const annotations = Annotations.of(scope);
  if (level !== 'warning' || isBeingSynthesized(scope)) {
    // Without a stack trace, which takes longer than the check itself, and at synthesis only says that the app was synthesized.
    Object.assign(annotations, { stackTraces: false });
  }
  if (level === 'warning') {
    annotations.addWarningV2(id, text);
  } else {
    annotations.addInfoV2(id, level === 'info' ? text : `not checked: ${text}`);
  }
}

/**
 * Whether a message was acknowledged on the construct itself or on the App before it was added: the AWS CDK checks only the
 * scopes in between.
 */
function isAcknowledged({ node }: IConstruct, id: string): boolean {
  const { acks } = (node.root as { [ACKNOWLEDGEMENTS]?: { readonly acks?: unknown } })[ACKNOWLEDGEMENTS] ?? {};
  const ids: unknown[] = acks instanceof Map ? [acks.get(node.path), acks.get('')] : [];
  return ids.some((each) => each instanceof Set && each.has(id));
}

/** Where the AWS CDK stores acknowledgements. If a later version stores them elsewhere, none are found here. */
const ACKNOWLEDGEMENTS = Symbol.for('@aws-cdk/core.Acknowledgements');

const FILE = 'cdk-backup-dr-messages.json';

afterAllInEachStage((stage, { outdir }) => writeMessages(stage, outdir));

/** Writes all messages of a Stage into its assembly, because the AWS CDK can hide infos if there is a warning. */
function writeMessages(stage: IConstruct, outdir: string): void {
  const messages = [...messagesIn(stage)].filter(([construct]) => isInTree(construct)).flatMap(([{ node }, all]) => {
    const shown = node.metadata.map(({ data }) => String(data)).filter((data) => data.includes(PREFIX));
    return all.map(({ id, level, text }) => {
      const acknowledged = shown.some((data) => data.includes(`[ack: ${id}]`)) ? {} : { acknowledged: true };
      return { id, level, path: node.path, text, ...acknowledged };
    });
  });
  const file = join(outdir, FILE);
  if (messages.length > 0) {
    const keyed = messages.map((message) => [`${message.path}\n${message.id}\n${message.text}`, message] as const);
    const sorted = keyed.sort(([one], [other]) => one < other ? -1 : 1).map(([, message]) => message);
    writeFileSync(file, `${JSON.stringify({ version: 1, messages: sorted }, undefined, 2)}\n`);
  } else {
    rmSync(file, { force: true });
  }
}

/** Adds a validation on the tree. It only reports, and registers nothing. */
export function validate(scope: IConstruct, problems: () => string[]): void {
  scope.node.addValidation({ validate: () => problems().map((problem) => inWordsOf(scope, withoutTokens(problem))) });
}
