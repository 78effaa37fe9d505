"""Checks the commands of runbooks against the parser and the models of the AWS CLI that is installed here.

    python runbook_commands.py page.md ...

Prints a line for each command that is wrong, and ends with 1 if there is any. Each command is parsed as the AWS CLI does
it, and then not sent: what it would send is checked instead, and what its `--query` asks of the answer.

What is to be filled in is in one block of variables per page, before the first command:

    export AWS_PROFILE='<profile>' AWS_REGION='<region>'
    VAULT='<vault>'  # a comment

The commands have no placeholders of their own. They use each of these variables, and no others.
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

# What the AWS CLI that is installed here does not have, with the reason why it may be in a runbook nevertheless.
NEWER = 'it is newer than the AWS CLI that is installed here; its options are those of the API reference'
EXCEPTIONS = {
    ('logs', 'tail'): 'only version 2 has it, which the runbooks assume, and only version 1 is on PyPI',
    ('backup', 'list-backup-access-points-by-recovery-point'): NEWER,
    ('backup', 'delete-backup-access-point'): NEWER,
}

ARN = 'arn:aws:service:eu-west-2:111122223333:resource'
TIME = '2026-03-01T05:00:00Z'
EXECUTION = '4105a4fc-f944-11e6-9d32-0a1b2c3d4950'
SAMPLES = {
    'access-key-id': 'A' * 20, 'account': '111122223333', 'days': '30', 'execution-id': EXECUTION,
    'detected': TIME, 'from': TIME, 'now': TIME, 'since': TIME, 'until': TIME,
}

FENCE = re.compile(r'^ *```sh\n(.*?)^ *```$', re.MULTILINE | re.DOTALL)
ASSIGNMENT = re.compile(r"([A-Z_]+)='<([a-z-]+)>'")
ASSIGNMENTS = re.compile(rf'(export )?{ASSIGNMENT.pattern}( {ASSIGNMENT.pattern})*( +#.*)?')
ENVIRONMENT = {'AWS_PROFILE', 'AWS_REGION'}


class Wrong(Exception):
    """What is wrong with a command."""


def lines_of(fence):
    return [line.strip() for line in fence.splitlines() if line.strip()]


def is_block_of_variables(fence):
    return all(ASSIGNMENTS.fullmatch(line) for line in lines_of(fence))


def variables_of(text):
    """The block of variables of a page, with a sample for each."""
    fences = FENCE.findall(text)
    blocks = [fence for fence in fences if is_block_of_variables(fence)]
    if len(blocks) != 1 or fences[0] != blocks[0]:
        raise Wrong('it does not begin with one block of variables')
    first = lines_of(blocks[0])[0]
    if not first.startswith('export ') or {name for name, _ in ASSIGNMENT.findall(first)} != ENVIRONMENT:
        raise Wrong('its block of variables does not begin with the export of AWS_PROFILE and AWS_REGION')
    return {name: SAMPLES.get(value, ARN if value.endswith('arn') else value) for name, value in ASSIGNMENT.findall(blocks[0])}


def commands_of(text):
    """All lines of fences with `sh` but the block of variables, and what is in the text with an option."""
    lines = [line for fence in FENCE.findall(text) if not is_block_of_variables(fence) for line in lines_of(fence)]
    return lines + re.findall(r'`(aws [^`\n]* --[^`\n]*)`', FENCE.sub('', text))


def used_in(command):
    return re.findall(r'(?<!\\)\$([A-Z_]+)', command)


def arguments_of(command, variables):
    """What the shell hands to the AWS CLI, with samples for the variables."""
    if re.search(r'<[a-z-]+>', command):
        raise Wrong('what is to be filled in belongs into the block of variables')
    unknown = [name for name in used_in(command) if name not in variables]
    if unknown:
        raise Wrong(f"the block of variables does not set {', '.join(unknown)}")
    filled = re.sub(r'(?<!\\)\$([A-Z_]+)', lambda match: variables[match[1]], command)
    words = shlex.split(re.sub(r'file://\S+', '{}', filled))
    if words[0] != 'aws':
        raise Wrong('it is no command of the AWS CLI')
    return words[1:words.index('>>')] if '>>' in words else words[1:]


def check(command, variables):
    arguments = arguments_of(command, variables)
    if tuple(arguments[:2]) in EXCEPTIONS:
        return
    if '--profile' in arguments:
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
        text = page.read_text(encoding='utf-8')
        try:
            variables = variables_of(text)
        except Wrong as error:
            wrong = True
            print(f'{page.name}: {error}')
            continue
        commands = commands_of(text)
        unused = variables.keys() - ENVIRONMENT - {name for command in commands for name in used_in(command)}
        if unused:
            wrong = True
            print(f"{page.name}: no command uses {', '.join(sorted(unused))}")
        for command in commands:
            try:
                check(command, variables)
            except (Wrong, ValueError) as error:
                wrong = True
                print(f'{page.name}: {error}: {command}')
    return int(wrong)


os.environ.update(AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull)  # not those of whoever runs this
os.environ.update(AWS_DEFAULT_REGION='eu-west-2')  # version 1 does not read AWS_REGION
clidriver.CLIOperationCaller.invoke = instead_of_sending
argparser.CLIArgParser._get_option_tuples = lambda *_: []  # the beginning of an option's name is not enough
DRIVER = clidriver.create_clidriver()

if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
