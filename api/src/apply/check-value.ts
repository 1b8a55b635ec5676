/** Whether an applied configuration fits its type. */
// Like structured-merge-diff typed/validate.go, whose sentences clients see.
import { goPrint, goSyntax, goTypeName } from '../go-print.ts';
import { isJsonObject, type JsonObject } from '../json-object.ts';
import { fieldElement, itemElement, PathElementError, printElement } from './path-element.ts';
import { shapeOf, typeUnder, type ListType, type MapType, type ScalarType, type ValueType } from './value-type.ts';

interface Problem {
  path: string;
  message: string;
}

const problem = (message: string): Problem[] => [{ path: '', message }];

const under = (element: string, problems: Problem[]): Problem[] =>
  problems.map(({ path, message }) => ({ path: printElement(element) + path, message }));

function checkScalar(type: ScalarType | undefined, value: unknown): Problem[] {
  if (value === null) return [];
  const kind = typeof value;
  switch (type) {
    case 'numeric':
      return kind === 'number' ? [] : problem(`expected numeric (int or float), got ${goTypeName(value)}`);
    case 'string':
      return kind === 'string'
        ? []
        : problem(`expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`);
    case 'boolean':
      return kind === 'boolean' ? [] : problem(`expected boolean, got &{${goPrint(value)}}`);
    case 'untyped':
      return kind !== 'object' ? [] : problem(`expected any scalar, got &{${goPrint(value)}}`);
    case undefined:
      return [];
  }
}

function checkMap(map: MapType, value: unknown): Problem[] {
  if (value === null) return [];
  if (!isJsonObject(value)) return problem(`expected map, got &{${goPrint(value)}}`);
  const problems: Problem[] = [];
  for (const name of Object.keys(value)) {
    const type = typeUnder(map, name);
    const element = fieldElement(name);
    if (!type) return [...problems, ...under(element, problem('field not declared in schema'))];
    problems.push(...under(element, checkType(type, value[name])));
  }
  return problems;
}

function checkList(list: ListType, value: unknown): Problem[] {
  if (value === null) return [];
  if (!Array.isArray(value)) return problem(`expected list, got &{${goPrint(value)}}`);
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    let element: string;
    try {
      element = list.atomic ? `i:${index}` : itemElement(list, item);
    } catch (error) {
      if (!(error instanceof PathElementError)) throw error;
      return [...problems, ...problem(`element ${index}: ${error.message}`)];
    }
    if (seen.has(element)) problems.push(...problem(`duplicate entries for key ${printElement(element)}`));
    seen.add(element);
    problems.push(...under(element, checkType(list.items, item)));
  }
  return problems;
}

function checkType(type: ValueType, value: unknown): Problem[] {
  const shape = shapeOf(type, value);
  if (shape === 'map') return checkMap(type.map as MapType, value);
  return shape === 'list' ? checkList(type.list as ListType, value) : checkScalar(type.scalar, value);
}

/** All that is wrong, in upstream's words; undefined when the value fits. */
export function checkApplied(type: ValueType, value: JsonObject): string | undefined {
  const problems = checkType(type, value).map(({ path, message }) => (path ? `${path}: ${message}` : message));
  if (problems.length === 0) return undefined;
  return problems.length === 1 ? problems[0] : ['errors:', ...problems.map((text) => `  ${text}`)].join('\n');
}
