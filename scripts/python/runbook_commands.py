"""Checks the commands of runbooks against the parser and the models of the AWS CLI that is installed here.

    python runbook_commands.py page.md ...

Prints a line for each command that is wrong, and ends with 1 if there is any. Each command is parsed as the AWS CLI does
it, and then not sent: what it would send is checked instead, and what its `--query` asks of the answer.
"""
import contextlib
import io
import os
import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from awscli import argparser, clidriver
from botocore.validate import validate_parameters  # the AWS CLI brings it

# What the AWS CLI that is installed here does not have, with the reason why it may stand in a runbook all the same.
NEWER = 'it is newer than the AWS CLI that is installed here; its options are those of the API reference'
EXCEPTIONS = {
    ('logs', 'tail'): 'only version 2 has it, which the runbooks assume, and only version 1 is on PyPI',
    ('backup', 'list-backup-access-points-by-recovery-point'): NEWER,
    ('backup', 'delete-backup-access-point'): NEWER,
}

ARN = 'arn:aws:service:eu-west-2:111122223333:resource'
TIME = '2026-03-01T05:00:00Z'
SAMPLES = {'access-key-id': 'A' * 20, 'account': '111122223333', 'days': '30', 'from': TIME, 'now': TIME, 'since': TIME, 'until': TIME}


class Wrong(Exception):
    """What is wrong with a command."""


def commands_of(page):
    """All lines of fences with `sh`, and what stands in the text with an option."""
    text = page.read_text(encoding='utf-8')
    fences = re.compile(r'^ *```sh\n(.*?)^ *```$', re.MULTILINE | re.DOTALL)
    lines = [line.strip() for fence in fences.findall(text) for line in fence.splitlines()]
    return [line for line in lines if line] + re.findall(r'`(aws [^`\n]* --[^`\n]*)`', fences.sub('', text))


def arguments_of(command):
    """What the shell hands to the AWS CLI, with values for what is to be filled in."""
    def sample(match):
        name = match[1]
        return SAMPLES.get(name, ARN if name.endswith('arn') else name)

    filled = re.sub(r'<([a-z-]+)>', sample, command)
    words = shlex.split(re.sub(r'file://\S+', '{}', filled))
    if words[0] != 'aws':
        raise Wrong('it is no command of the AWS CLI')
    if re.search(r'<[^<>]*>', filled):
        raise Wrong('what is to be filled in has a name of small letters and hyphens')
    return words[1:words.index('>>')] if '>>' in words else words[1:]


def check(command):
    arguments = arguments_of(command)
    for option in ['--profile'] if arguments[0] == 'iam' else ['--profile', '--region']:
        if option not in arguments:
            raise Wrong(f'it has no {option}')
    if tuple(arguments[:2]) in EXCEPTIONS:
        return
    at = arguments.index('--profile')
    del arguments[at:at + 2]  # the AWS CLI would look for it
    printed = io.StringIO()
    try:
        with contextlib.redirect_stderr(printed):
            code = DRIVER.main(arguments)
    except SystemExit as error:
        code = error.code
    if code != 0:
        said = ' '.join(printed.getvalue().rpartition('error: ')[2].split())
        raise Wrong(re.sub(r'^usage: .*(?=Unknown )|choice, valid .* Invalid ', '', said))


def instead_of_sending(_caller, service_name, operation_name, parameters, parsed_globals):
    """In the place of `CLIOperationCaller.invoke`. The AWS CLI prints what is raised, and ends with 255."""
    operation = DRIVER.session.get_service_model(service_name).operation_model(operation_name)
    sent = {name: value for name, value in parameters.items() if name != 'PaginationConfig'}
    if operation.input_shape:
        tokens = [name for name, shape in operation.input_shape.members.items() if shape.metadata.get('idempotencyToken')]
        validate_parameters({**dict.fromkeys(tokens, 'made-when-sent'), **sent}, operation.input_shape)
        check_values(sent, operation.input_shape)
    if parsed_globals.query:
        answer(parsed_globals.query.parsed, [operation.output_shape] if operation.output_shape else [])
    return 0


def check_values(value, shape):
    """That each value is one of those that the model has, where it has some."""
    if shape.type_name == 'structure':
        for name, member in value.items():
            check_values(member, shape.members[name])
    elif shape.type_name == 'list':
        for member in value:
            check_values(member, shape.member)
    elif shape.type_name == 'map':
        for member in value.values():
            check_values(member, shape.value)
    elif shape.type_name == 'string' and shape.enum and value not in shape.enum:
        raise Wrong(f"'{value}' is none of {', '.join(shape.enum)}")


@dataclass
class Items:
    """A list that an expression makes, of values of these shapes."""
    shapes: list
    type_name = 'items'


@dataclass
class Anything:
    """What has no shape that could be known."""
    type_name = 'anything'


def answer(node, shapes):
    """The shapes that a JMESPath expression may make of values of these shapes."""
    kind, children = node['type'], node['children']
    if kind in ('identity', 'current'):
        return shapes
    if kind == 'field':
        return field(node['value'], shapes)
    if kind in ('subexpression', 'index_expression', 'pipe'):
        for child in children:
            shapes = answer(child, shapes)
        return shapes
    if kind == 'index':
        return items(shapes)
    if kind == 'slice':
        return [Items(items(shapes))]
    if kind == 'projection':
        return [Items(answer(children[1], items(answer(children[0], shapes))))]
    if kind == 'filter_projection':
        left = items(answer(children[0], shapes))
        answer(children[2], left)
        return [Items(answer(children[1], left))]
    if kind == 'flatten':
        inner = items(answer(children[0], shapes))
        return [Items([flat for shape in inner for flat in (items([shape]) if shape.type_name in ('list', 'items') else [shape])])]
    if kind == 'literal':
        return [Items([]) if node['value'] == [] else Anything()]
    if kind == 'function_expression':
        first = answer(children[0], shapes)
        for child in children[1:]:
            if child['type'] == 'expref':
                answer(child['children'][0], items(first))
            else:
                answer(child, shapes)
        return first if node['value'] == 'sort_by' else [Anything()]
    results = [answer(child, shapes) for child in children]
    if kind == 'multi_select_list':
        return [Items(sum(results, []))]
    if kind == 'or_expression':
        return sum(results, [])
    if kind == 'comparator':
        for literal in [child['value'] for child in children if child['type'] == 'literal']:
            for shape in [shape for shape in sum(results, []) if shape.type_name == 'string']:
                check_values(literal, shape)
    elif kind not in ('and_expression', 'not_expression'):
        raise Wrong(f"--query has a '{kind}', which can't be checked here yet")
    return [Anything()]


def items(shapes):
    inner = {'list': lambda shape: [shape.member], 'items': lambda shape: shape.shapes, 'anything': lambda shape: [shape]}
    lists = [shape for shape in shapes if shape.type_name in inner]
    if not lists:
        raise Wrong('--query takes for a list what is none')
    return [item for shape in lists for item in inner[shape.type_name](shape)]


def field(name, shapes):
    found = [shape for shape in shapes if shape.type_name == 'anything']
    found += [shape.value for shape in shapes if shape.type_name == 'map']
    found += [shape.members[name] for shape in shapes if shape.type_name == 'structure' and name in shape.members]
    if not found:
        raise Wrong(f"--query asks for '{name}', which is not there")
    return found


def main(pages):
    wrong = False
    for page in map(Path, pages):
        for command in commands_of(page):
            try:
                check(command)
            except (Wrong, ValueError) as error:
                wrong = True
                print(f'{page.name}: {error}: {command}')
    return int(wrong)


os.environ.update(AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull)  # not those of whoever runs this
clidriver.CLIOperationCaller.invoke = instead_of_sending
argparser.CLIArgParser._get_option_tuples = lambda *_: []  # the beginning of an option's name is not enough
DRIVER = clidriver.create_clidriver()

if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
