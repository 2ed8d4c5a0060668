/**
 * The one-line language of steps: expressions, and `Entity SET field = value WHERE …`.
 *
 * Total, like the grammar of the file: every token is external (src/scanner.c), what is not written
 * yet is a `missing_…` node of no width, what fits nothing is an `unexpected` extra. One start rule
 * serves every step, because `Post` alone is an entity after `insert:` and a value after `if:`.
 *
 * The parser has its states once for every kind of place an expression can stand in, so those are kept
 * few: words that play the same part are one hidden rule, and all brackets have one grammar (items,
 * separators, `AS type`, an end), of which the scanner gives each kind only the tokens that it takes.
 */

/** What binds tighter has a higher number: PostgreSQL's order, with `MATCHES` beside `LIKE`. */
const PREC = { exists: -1, or: 1, and: 2, not: 3, is: 4, compare: 5, like: 6, escape: 7, operator: 8, add: 9,
  multiply: 10, power: 11, at: 12, negate: 13, subscript: 14, cast: 15 };

/** Keywords, in any case. The scanner's table is in the same order. */
const KEYWORDS = ['AND', 'OR', 'NOT', 'IS', 'IN', 'LIKE', 'ILIKE', 'BETWEEN', 'NULL', 'TRUE', 'FALSE',
  'CASE', 'WHEN', 'THEN', 'ELSE', 'END', 'EXISTS', 'MATCHES', 'VALID', 'UNIQUE', 'CAST', 'AS', 'SET',
  'VALUES', 'FROM', 'WHERE', 'UNKNOWN', 'DISTINCT', 'SIMILAR', 'TO', 'ESCAPE', 'SYMMETRIC', 'AT', 'TIME',
  'ZONE', 'ARRAY', 'FOR', 'PLACING', 'BOTH', 'LEADING', 'TRAILING'];

/** Operators and punctuation by the scanner's names. */
const SIGNS = { parameter: '?', dollar: '$', dot: '.', comma: ',', open: '(', cast: '::', array: '[]',
  bracket: '[', equal: '=', not_equal: '<>', less: '<', less_or_equal: '<=', greater: '>',
  greater_or_equal: '>=', add: '+', subtract: '-', multiply: '*', divide: '/', modulo: '%', power: '^',
  concat: '||' };

const keyword = ($, word) => alias($['_kw_' + word.toLowerCase()], word);
const sign = ($, name) => alias($['_' + name], SIGNS[name]);
const list = ($, item) => seq(item, repeat(seq($._separator, item)));
const brackets = ($, ...items) => seq(sign($, 'open'), ...items, $._close);

module.exports = grammar({
  name: 'specql_step',
  externals: $ => [
    $.identifier, $.number, $.string, $.unclosed_string, $.raw_sql, $.unclosed_raw_sql, $.regex_operator,
    $.operator, $.type_modifier, $._keyword_function, $._closing, $._between_and,
    ...Object.keys(SIGNS).map(name => $['_' + name]),
    ...KEYWORDS.map(word => $['_kw_' + word.toLowerCase()]),
    $.missing_segment, $.missing_value, $.missing_name, $.missing_equals, $.missing_comma, $.missing_word,
    $.missing_close, $.missing_set, $.comment, $.unclosed_comment, $.unexpected, $._error,
  ],
  extras: $ => [/[\s\uFEFF\u0085\u2028\u2029]/, $.comment, $.unclosed_comment, $.unexpected],
  supertypes: $ => [$.expression],
  rules: {
    step: $ => seq(field('target', $.expression),
      repeat(choice($.set_clause, $.values_clause, $.from_clause, $.where_clause))),

    set_clause: $ => seq(choice(keyword($, 'SET'), $.missing_set), $.assignment, repeat(seq($._next, $.assignment))),
    assignment: $ => seq(field('field', $._name), $._assigned, field('value', $.expression)),
    _assigned: $ => choice(sign($, 'equal'), $.missing_equals),
    _name: $ => choice($.path, $.missing_name),
    values_clause: $ => seq(keyword($, 'VALUES'), choice($.list, $.missing_value)),
    from_clause: $ => seq(keyword($, 'FROM'), field('source', $._name)),
    where_clause: $ => seq(keyword($, 'WHERE'), field('condition', $.expression)),

    expression: $ => choice($.path, $.number, $.string, $.unclosed_string, $.boolean, $.null, $.parameter,
      $.call, $.typed_literal, $.parenthesized_expression, $.row, $.array,
      $.raw_sql, $.unclosed_raw_sql, $.case_expression, $.exists_expression, $.cast_expression,
      $.subscript_expression, $.unary_expression, $.binary_expression, $.is_expression, $.in_expression,
      $.like_expression, $.between_expression, $.matches_expression, $.negated_expression, $.missing_value),

    path: $ => seq($._first, repeat(seq(sign($, 'dot'), $._segment))),
    _first: $ => choice($.identifier, seq(sign($, 'dollar'), $._segment)),
    _segment: $ => choice($.identifier, $.missing_segment),
    boolean: $ => choice(keyword($, 'TRUE'), keyword($, 'FALSE')),
    null: $ => keyword($, 'NULL'),
    parameter: $ => sign($, 'parameter'),
    typed_literal: $ => seq(field('type', $.path), field('value', $._string)),
    _string: $ => choice($.string, $.unclosed_string),

    // What stands in brackets. Keywords among the arguments are those of EXTRACT, TRIM and their like.
    call: $ => choice(
      seq(field('function', $.path), choice(brackets($, optional($._arguments)), field('query', $._query))),
      seq(field('function', alias($._keyword_path, $.path)),
        brackets($, optional(seq(optional($._side), $._operands))))),
    _arguments: $ => choice($.star, seq(optional(keyword($, 'DISTINCT')), $._operands)),
    _operands: $ => list($, field('argument', $.expression)),
    star: $ => sign($, 'multiply'),
    _query: $ => choice($.raw_sql, $.unclosed_raw_sql),
    _keyword_path: $ => alias($._keyword_function, $.identifier),
    _side: $ => choice(keyword($, 'BOTH'), keyword($, 'LEADING'), keyword($, 'TRAILING')),
    parenthesized_expression: $ => brackets($, $.expression),
    row: $ => brackets($, $.expression, repeat1(seq($._separator, $.expression))),
    list: $ => brackets($, list($, $.expression)),
    array: $ => seq(keyword($, 'ARRAY'), sign($, 'bracket'), optional(list($, $.expression)), $._close_bracket),
    _next: $ => choice(sign($, 'comma'), $.missing_comma),
    _separator: $ => choice($._next, keyword($, 'FROM'), keyword($, 'FOR'), keyword($, 'PLACING')),
    _close: $ => seq(optional($._as), choice(alias($._closing, ')'), $.missing_close)),
    _close_bracket: $ => seq(optional($._as), choice(alias($._closing, ']'), $.missing_close)),
    _as: $ => seq(keyword($, 'AS'), $.type),
    subscript_expression: $ => prec(PREC.subscript, seq(field('operand', $.expression), sign($, 'bracket'),
      list($, field('index', $.expression)), $._close_bracket)),

    unary_expression: $ => choice(
      prec(PREC.not, seq(field('operator', keyword($, 'NOT')), field('operand', $.expression))),
      prec(PREC.negate, seq(field('operator', $._sum), field('operand', $.expression)))),
    binary_expression: $ => choice(...[
      [PREC.or, keyword($, 'OR')],
      [PREC.and, keyword($, 'AND')],
      [PREC.is, $.distinct_operator],
      [PREC.compare, $._comparison],
      // Stands after the pattern of LIKE only, which is for the reader of the tree to hold.
      [PREC.escape, keyword($, 'ESCAPE')],
      [PREC.operator, $._operation],
      [PREC.add, $._sum],
      [PREC.multiply, $._product],
      [PREC.power, sign($, 'power')],
      [PREC.at, $.time_zone_operator],
    ].map(([level, operator]) => prec.left(level, seq(field('left', $.expression),
      field('operator', operator), field('right', $.expression))))),
    _comparison: $ => choice(...['equal', 'not_equal', 'less', 'less_or_equal', 'greater', 'greater_or_equal']
      .map(name => sign($, name))),
    _operation: $ => choice(sign($, 'concat'), $.regex_operator, $.operator),
    _sum: $ => choice(sign($, 'add'), sign($, 'subtract')),
    _product: $ => choice(sign($, 'multiply'), sign($, 'divide'), sign($, 'modulo')),
    distinct_operator: $ => seq($._is, keyword($, 'DISTINCT'), choice(keyword($, 'FROM'), $.missing_word)),
    time_zone_operator: $ => seq(keyword($, 'AT'), choice($.missing_word,
      seq(keyword($, 'TIME'), choice($.missing_word, keyword($, 'ZONE'))))),

    _is: $ => seq(keyword($, 'IS'), optional(keyword($, 'NOT'))),
    is_expression: $ => prec.left(PREC.is, seq(field('operand', $.expression), $._is, $._state)),
    _state: $ => choice(...['NULL', 'TRUE', 'FALSE', 'UNKNOWN', 'VALID', 'UNIQUE']
      .map(word => keyword($, word)), $.missing_word),
    in_expression: $ => prec.left(PREC.like, seq(field('operand', $.expression), $._not_in,
      field('collection', choice($.list, $.path, $.call, $.raw_sql, $.unclosed_raw_sql, $._string,
        $.missing_value)))),
    _not_in: $ => seq(optional(keyword($, 'NOT')), keyword($, 'IN')),
    like_expression: $ => prec.left(PREC.like, seq(field('operand', $.expression), $._not_like,
      field('pattern', $.expression))),
    _not_like: $ => seq(optional(keyword($, 'NOT')), choice(keyword($, 'LIKE'), keyword($, 'ILIKE'),
      seq(keyword($, 'SIMILAR'), choice(keyword($, 'TO'), $.missing_word)))),
    between_expression: $ => prec.left(PREC.like, seq(field('operand', $.expression), $._not_between,
      field('low', $.expression), $._and, field('high', $.expression))),
    _not_between: $ => seq(optional(keyword($, 'NOT')), keyword($, 'BETWEEN'), optional(keyword($, 'SYMMETRIC'))),
    _and: $ => choice(alias($._between_and, 'AND'), $.missing_word),
    matches_expression: $ => prec.left(PREC.like, seq(field('operand', $.expression), $._not_matches,
      field('pattern', choice($.path, $._string, $.missing_value)))),
    _not_matches: $ => seq(optional(keyword($, 'NOT')), keyword($, 'MATCHES')),
    // `title NOT`: IN, LIKE, BETWEEN or MATCHES is still to come.
    negated_expression: $ => prec.left(PREC.like, seq(field('operand', $.expression),
      keyword($, 'NOT'), $.missing_word)),

    case_expression: $ => seq(keyword($, 'CASE'), optional(field('operand', $.expression)),
      repeat(choice($.case_arm, $.case_default)), choice(keyword($, 'END'), $.missing_word)),
    case_arm: $ => seq(keyword($, 'WHEN'), field('condition', $.expression),
      choice(keyword($, 'THEN'), $.missing_word), field('value', $.expression)),
    case_default: $ => seq(keyword($, 'ELSE'), field('value', $.expression)),

    // The condition reaches as far as it can: `EXISTS Loan WHERE a AND b`.
    exists_expression: $ => prec.right(PREC.exists, seq(keyword($, 'EXISTS'), choice(
      $._query, $._exists_entity, brackets($, list($, $._exists_entity))))),
    _exists_entity: $ => prec.right(PREC.exists, seq(field('entity', $._name), optional($.where_clause))),

    cast_expression: $ => choice(
      prec(PREC.cast, seq(field('operand', $.expression), sign($, 'cast'), $.type)),
      seq(keyword($, 'CAST'), brackets($, list($, field('operand', $.expression))))),
    type: $ => prec.right(seq($._name, repeat($._type_part))),
    _type_part: $ => choice($.type_modifier, sign($, 'array'), brackets($, list($, $._type_parameter))),
    _type_parameter: $ => choice($.number, $.missing_value),
  },
});
