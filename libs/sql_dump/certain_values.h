#pragma once

#include "absl/types/span.h"

#include "libs/sql_dump/token.h"

namespace fairway::sql_dump {

// Whether an expression is one that PostgreSQL computes without fail: a literal, also with casts, a
// keyword like DEFAULT, or a call of now() and the like. Literals are taken to suit their column,
// and sequences to be there. The text of strings does not matter.
bool IsCertainValue(absl::Span<const Token> value);

// The same for several, separated by commas, each with a name behind AS or without. Also for none.
bool AreCertainValues(absl::Span<const Token> values);

// What stands behind RETURNING: columns, which are taken to be there, literals and asterisks.
bool IsCertainReturning(absl::Span<const Token> list);

}  // namespace fairway::sql_dump
