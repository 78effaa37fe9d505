import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** How AWS CDK writes what is known at deployment only, in a text and in a list. */
const TOKEN = /[#$]\{Token\[[^\]]*\]\}/.source;

/** How AWS CDK writes a number that is known at deployment only. */
const NUMBER = /-1\.888154589\d*e\+289/g;

/** A text for users: a token, which says nothing to them, is called so. */
export function withoutTokens(text: string): string {
  return text.replace(new RegExp(`(['"])${TOKEN}\\1`, 'g'), 'a token').replace(new RegExp(TOKEN, 'g'), '<token>').replace(NUMBER, '<token>');
}

/** Adds a warning that can be acknowledged. */
export function warn(scope: IConstruct, id: string, message: string): void {
  Annotations.of(scope).addWarningV2(`cdk-backup-dr:${id}`, withoutTokens(message));
}

/** Adds an info that can be acknowledged. */
export function inform(scope: IConstruct, id: string, message: string): void {
  Annotations.of(scope).addInfoV2(`cdk-backup-dr:${id}`, withoutTokens(message));
}

/** Adds a validation on the tree. It only reports, and registers nothing. */
export function validate(scope: IConstruct, problems: () => string[]): void {
  scope.node.addValidation({ validate: () => problems().map(withoutTokens) });
}
