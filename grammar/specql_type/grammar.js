/**
 * The one-line language of fields: `ref(crm.Company)!`, `enum(a, b) = a`, `decimal(10, 2)`.
 *
 * Total, like the grammar of the file: every token is external (src/scanner.c), what is not written
 * yet is a `missing_…` node of no width, what fits nothing is an `unexpected` extra.
 */
const list = ($, item) => seq(item, repeat(seq(alias($._comma, ','), item)));
const open = $ => choice(alias($._parenthesis, '('), alias($._bracket, '['));
const close = $ => choice(alias($._close_parenthesis, ')'), alias($._close_bracket, ']'), $.missing_close);

module.exports = grammar({
  name: 'specql_type',
  externals: $ => [
    $.identifier, $._enum, $._list, $._ref, $.value, $.string, $.unclosed_string, $.default_text,
    $._parenthesis, $._bracket, $._close_parenthesis, $._close_bracket, $._comma, $._pipe, $._dot, $._array,
    $.required, $._required_before, $.optional, $._equal,
    $.missing_segment, $.missing_type, $.missing_name, $.missing_value, $.missing_default, $.missing_close,
    $.unexpected, $._error,
  ],
  extras: $ => [/[\s\uFEFF\u0085\u2028\u2029]/, $.unexpected],
  rules: {
    field: $ => seq(field('type', $._type), repeat($._mark), optional(seq(alias($._equal, '='), $._default))),
    _mark: $ => choice($.required, $.optional),
    _default: $ => seq(field('default', choice($.default_text, $.string, $.unclosed_string, $.missing_default)),
      optional($.required)),

    _type: $ => choice($.named_type, $.enum_type, $.list_type, $.ref_type, $.array_type, $.missing_type),
    // `decimal!(10, 2)` is read as a required `decimal(10, 2)`.
    named_type: $ => seq(field('name', $.identifier), optional(seq(optional(alias($._required_before, $.required)), $.parameters))),
    parameters: $ => seq(open($), list($, $._value), close($)),
    enum_type: $ => seq(alias($._enum, 'enum'), open($), list($, $._value), close($)),
    _value: $ => choice($.value, $.string, $.unclosed_string, $.missing_value),
    list_type: $ => seq(alias($._list, 'list'), open($), field('item', $._type), repeat($._mark), close($)),
    array_type: $ => seq(field('item', $._type), alias($._array, '[]')),
    ref_type: $ => seq(alias($._ref, 'ref'), open($), $.entity,
      repeat(seq(alias($._pipe, '|'), $.entity)), close($)),
    entity: $ => choice($.missing_name, field('name', $.identifier),
      seq(field('schema', $.identifier), alias($._dot, '.'),
        field('name', choice($.identifier, $.missing_segment)))),
  },
});
