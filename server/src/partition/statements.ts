import type { Node, SyntaxDocument } from '../syntax/document.ts';

/** A node of a line language that stands on lines of its own, as cut rules see it. */
export interface Statement {
  readonly type: string;
  readonly startLine: number;
  /** Excluded. */
  readonly endLine: number;
  readonly text: string;
  /** Types of the direct children, fields as `name:type`. */
  readonly children: readonly string[];
}

/** What a walk does with a node: `enter` reads its children instead of it, `take` hands it out whole, `skip` leaves it. */
export type WalkChoice = 'enter' | 'take' | 'skip';

const maxDepth = 100;
/** Rules look at words, not at whole tables. */
const maxText = 2000;

/** The statements of a tree in source order, those inside `enter`ed nodes among them. One pass, whatever the depth. */
export function statementsOf(
  document: SyntaxDocument,
  choose: (type: string) => WalkChoice,
  onEnter: (statement: Statement) => void = () => undefined,
): readonly Statement[] {
  const found: Statement[] = [];
  const cursor = document.tree.rootNode.walk();
  try {
    if (!cursor.gotoFirstChild()) return found;
    let depth = 1;
    for (;;) {
      const choice = cursor.nodeIsNamed ? choose(cursor.nodeType) : 'skip';
      if (choice !== 'skip') {
        const statement = statementAt(document, cursor.currentNode);
        if (choice === 'take') found.push(statement);
        else {
          onEnter(statement);
          if (depth < maxDepth && cursor.gotoFirstChild()) {
            depth += 1;
            continue;
          }
        }
      }
      while (!cursor.gotoNextSibling()) {
        if (depth === 1) return found;
        cursor.gotoParent();
        depth -= 1;
      }
    }
  } finally {
    cursor.delete();
  }
}

function statementAt(document: SyntaxDocument, node: Node): Statement {
  const end = document.positionAt(node.endIndex);
  const startLine = document.positionAt(node.startIndex).line;
  return {
    type: node.type,
    startLine,
    endLine: Math.max(startLine + 1, end.character === 0 ? end.line : end.line + 1),
    text: document.text.slice(node.startIndex, Math.min(node.endIndex, node.startIndex + maxText)),
    children: childTypes(node),
  };
}

const maxChildren = 40;

function childTypes(node: Node): readonly string[] {
  const types: string[] = [];
  const cursor = node.walk();
  try {
    if (!cursor.gotoFirstChild()) return types;
    do types.push(cursor.currentFieldName === null ? cursor.nodeType : `${cursor.currentFieldName}:${cursor.nodeType}`);
    while (types.length < maxChildren && cursor.gotoNextSibling());
  } finally {
    cursor.delete();
  }
  return types;
}
