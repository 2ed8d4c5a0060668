/**
 * The one-line language of steps: expressions, and `Entity SET field = value WHERE …`.
 *
 * Total, like the grammar of the file: every token is external (src/scanner.c), what is not written
 * yet is a `missing_…` node of no width, what fits nothing is an `unexpected` extra. One start rule
 * serves every step, because `Post` alone is an entity after `insert:` and a value after `if:`.
 */
const PREC = { exists: -1, or: 1, and: 2, not: 3, compare: 4, add: 5, multiply: 6, negate: 7, cast: 8 };

/** Keywords, in any case. The scanner's table is in the same order. */
const KEYWORDS = ['AND', 'OR', 'NOT', 'IS', 'IN', 'LIKE', 'ILIKE', 'BETWEEN', 'NULL', 'TRUE', 'FALSE',
  'CASE', 'WHEN', 'THEN', 'ELSE', 'END', 'EXISTS', 'MATCHES', 'VALID', 'UNIQUE', 'CAST', 'AS', 'SET',
  'VALUES', 'FROM', 'WHERE'];

/** Operators and punctuation by the scanner's names. */
const SIGNS = { parameter: '?', dollar: '$', dot: '.', comma: ',', open: '(', cast: '::', array: '[]',
  equal: '=', not_equal: '<>', less: '<', less_or_equal: '<=', greater: '>', greater_or_equal: '>=',
  add: '+', subtract: '-', multiply: '*', divide: '/', modulo: '%', concat: '||' };

const keyword = ($, word) => alias($['_kw_' + word.toLowerCase()], word);
const sign = ($, name) => alias($['_' + name], SIGNS[name]);
const list = ($, item) => seq(item, repeat(seq(choice(sign($, 'comma'), $.missing_comma), item)));
const close = $ => choice(alias($._close, ')'), $.missing_close);

module.exports = grammar({
  name: 'specql_step',
  externals: $ => [
    $.identifier, $.number, $.string, $.unclosed_string, $.raw_sql, $.unclosed_raw_sql, $.regex_operator,
    $._close, $._between_and,
    ...Object.keys(SIGNS).map(name => $['_' + name]),
    ...KEYWORDS.map(word => $['_kw_' + word.toLowerCase()]),
    $.missing_segment, $.missing_value, $.missing_name, $.missing_equals, $.missing_comma, $.missing_word,
    $.missing_close, $.unexpected, $._error,
  ],
  extras: $ => [/[\s\uFEFF\u0085\u2028\u2029]/, $.unexpected],
  supertypes: $ => [$.expression],
  rules: {
    step: $ => seq(field('target', $.expression),
      repeat(choice($.set_clause, $.values_clause, $.from_clause, $.where_clause))),

    set_clause: $ => seq(keyword($, 'SET'), list($, $.assignment)),
    assignment: $ => seq(field('field', choice($.path, $.missing_name)),
      choice(sign($, 'equal'), $.missing_equals), field('value', $.expression)),
    values_clause: $ => seq(keyword($, 'VALUES'), choice($.list, $.missing_value)),
    from_clause: $ => seq(keyword($, 'FROM'), field('source', choice($.path, $.missing_name))),
    where_clause: $ => seq(keyword($, 'WHERE'), field('condition', $.expression)),

    expression: $ => choice($.path, $.number, $.string, $.unclosed_string, $.boolean, $.null, $.parameter,
      $.call, $.typed_literal, $.parenthesized_expression, $.raw_sql, $.unclosed_raw_sql, $.case_expression,
      $.exists_expression, $.cast_expression, $.unary_expression, $.binary_expression, $.is_expression,
      $.in_expression, $.like_expression, $.between_expression, $.matches_expression,
      $.negated_expression, $.missing_value),

    path: $ => seq(choice($.identifier, seq(sign($, 'dollar'), $._segment)),
      repeat(seq(sign($, 'dot'), $._segment))),
    _segment: $ => choice($.identifier, $.missing_segment),
    boolean: $ => choice(keyword($, 'TRUE'), keyword($, 'FALSE')),
    null: $ => keyword($, 'NULL'),
    parameter: $ => sign($, 'parameter'),
    call: $ => seq(field('function', $.path), sign($, 'open'),
      optional(choice($.star, list($, field('argument', $.expression)))), close($)),
    star: $ => sign($, 'multiply'),
    typed_literal: $ => seq(field('type', $.path), field('value', choice($.string, $.unclosed_string))),
    parenthesized_expression: $ => seq(sign($, 'open'), $.expression, close($)),
    list: $ => seq(sign($, 'open'), list($, $.expression), close($)),

    unary_expression: $ => choice(
      prec(PREC.not, seq(field('operator', keyword($, 'NOT')), field('operand', $.expression))),
      prec(PREC.negate, seq(field('operator', choice(sign($, 'subtract'), sign($, 'add'))),
        field('operand', $.expression)))),
    binary_expression: $ => choice(...[
      [PREC.or, [keyword($, 'OR')]],
      [PREC.and, [keyword($, 'AND')]],
      [PREC.compare, [...['equal', 'not_equal', 'less', 'less_or_equal', 'greater', 'greater_or_equal']
        .map(name => sign($, name)), $.regex_operator]],
      [PREC.add, ['add', 'subtract', 'concat'].map(name => sign($, name))],
      [PREC.multiply, ['multiply', 'divide', 'modulo'].map(name => sign($, name))],
    ].map(([level, operators]) => prec.left(level, seq(field('left', $.expression),
      field('operator', choice(...operators)), field('right', $.expression))))),

    is_expression: $ => prec.left(PREC.compare, seq(field('operand', $.expression), keyword($, 'IS'),
      optional(keyword($, 'NOT')), choice(keyword($, 'NULL'), keyword($, 'TRUE'), keyword($, 'FALSE'),
        keyword($, 'VALID'), keyword($, 'UNIQUE'), $.missing_word))),
    in_expression: $ => prec.left(PREC.compare, seq(field('operand', $.expression),
      optional(keyword($, 'NOT')), keyword($, 'IN'),
      field('collection', choice($.list, $.path, $.call, $.raw_sql, $.unclosed_raw_sql, $.missing_value)))),
    like_expression: $ => prec.left(PREC.compare, seq(field('operand', $.expression),
      optional(keyword($, 'NOT')), choice(keyword($, 'LIKE'), keyword($, 'ILIKE')),
      field('pattern', $.expression))),
    between_expression: $ => prec.left(PREC.compare, seq(field('operand', $.expression),
      optional(keyword($, 'NOT')), keyword($, 'BETWEEN'), field('low', $.expression),
      choice(alias($._between_and, 'AND'), $.missing_word), field('high', $.expression))),
    matches_expression: $ => prec.left(PREC.compare, seq(field('operand', $.expression),
      optional(keyword($, 'NOT')), keyword($, 'MATCHES'),
      field('pattern', choice($.path, $.string, $.unclosed_string, $.missing_value)))),
    // `title NOT`: IN, LIKE, BETWEEN or MATCHES is still to come.
    negated_expression: $ => prec.left(PREC.compare, seq(field('operand', $.expression),
      keyword($, 'NOT'), $.missing_word)),

    case_expression: $ => seq(keyword($, 'CASE'), optional(field('operand', $.expression)),
      repeat($.case_arm), optional($.case_default), choice(keyword($, 'END'), $.missing_word)),
    case_arm: $ => seq(keyword($, 'WHEN'), field('condition', $.expression),
      choice(keyword($, 'THEN'), $.missing_word), field('value', $.expression)),
    case_default: $ => seq(keyword($, 'ELSE'), field('value', $.expression)),

    // The condition reaches as far as it can: `EXISTS Loan WHERE a AND b`.
    exists_expression: $ => prec.right(PREC.exists, seq(keyword($, 'EXISTS'), choice(
      $.raw_sql, $.unclosed_raw_sql, $._exists_entity,
      seq(sign($, 'open'), $._exists_entity, close($))))),
    _exists_entity: $ => prec.right(PREC.exists, seq(field('entity', choice($.path, $.missing_name)),
      optional($.where_clause))),

    cast_expression: $ => choice(
      prec(PREC.cast, seq(field('operand', $.expression), sign($, 'cast'), $.type)),
      seq(keyword($, 'CAST'), sign($, 'open'), field('operand', $.expression),
        choice(seq(keyword($, 'AS'), $.type), $.missing_word), close($))),
    type: $ => prec.right(seq(choice($.path, $.missing_name),
      optional(seq(sign($, 'open'), list($, choice($.number, $.missing_value)), close($))), optional(sign($, 'array')))),
  },
});
