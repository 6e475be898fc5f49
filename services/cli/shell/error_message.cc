#include "services/cli/shell/error_message.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iostream>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "services/cli/shell/output.h"
#include "services/cli/shell/printable.h"

namespace fairway::cli {
namespace {

struct OptionName {
  absl::string_view field;
  absl::string_view option;
};

constexpr OptionName kOptionNames[] = {
    {"batch_id", "batch-id"},
    {"first_date", "--from"},
    {"last_date", "--to"},
    {"min_price_count", "--min-price-count"},
    {"consistency.at_least", "--at-least"},
    {"consistency.exact", "--exact"},
    {"consistency.version_id", "--version-id"},
    {"header.declared_row_count", "--rows"},
    {"page_size", "--limit"},
};

bool IsNamePart(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.';
}

// The field name at the start of `text`, or "".
absl::string_view NameAt(absl::string_view text) {
  size_t size = 0;
  while (size < text.size() && IsNamePart(text[size])) ++size;
  while (size > 0 && text[size - 1] == '.') --size;
  return text.substr(0, size);
}

absl::string_view OptionOf(absl::string_view name) {
  for (const OptionName& each : kOptionNames) {
    if (each.field == name) return each.option;
  }
  return name;
}

// Leaves quoted text, which quotes the input, unchanged.
std::string WithOptions(absl::string_view text) {
  std::string result;
  bool quoted = false;
  while (!text.empty()) {
    const absl::string_view name = quoted ? "" : NameAt(text);
    if (!name.empty()) {
      absl::StrAppend(&result, OptionOf(name));
      text.remove_prefix(name.size());
      continue;
    }
    if (text[0] == '"') quoted = !quoted;
    result.push_back(text[0]);
    text.remove_prefix(1);
  }
  return result;
}

// "2852425 bad rows with …" with "2,852,425". Behind the counts stands the name of the batch, which
// keeps its digits.
std::string WithSeparators(absl::string_view message) {
  const size_t counts = std::min(message.find(" in batch "), message.size());
  std::string result;
  for (const absl::string_view word : absl::StrSplit(message.substr(0, counts), ' ')) {
    int64_t count = 0;
    absl::StrAppend(&result, result.empty() ? "" : " ",
                    absl::SimpleAtoi(word, &count) ? FormatCount(count) : std::string(word));
  }
  return absl::StrCat(result, message.substr(counts));
}

bool HasClause(absl::string_view message, absl::string_view clause) {
  const size_t found = message.find(clause);
  return found == 0 ||
         (found != absl::string_view::npos && found >= 2 && message.substr(found - 2, 2) == "; ");
}

// A message joins what is wrong with each field by semicolons, and is cut when it is long.
bool Says(absl::string_view message, const FieldViolation& violation) {
  return HasClause(message, violation.description) ||
         HasClause(message, absl::StrCat(violation.field, ": ", violation.description));
}

// Joins the lines of a message, such as one of a database driver.
std::string OneLine(absl::string_view text) {
  return absl::StrJoin(absl::StrSplit(text, absl::ByAnyChar("\r\n\t"), absl::SkipWhitespace()),
                       " ");
}

}  // namespace

std::string UserMessage(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  const absl::string_view message = status.message();
  if (reason == reasons::kBatchEndMissing) {
    return "the connection was lost before the end of the upload; nothing was stored";
  }
  if (reason == reasons::kBatchHasInvalidRows) {
    // Commands print where the other errors are listed.
    return WithSeparators(message.substr(0, message.find("; ListBatchErrors")));
  }
  return WithOptions(message);
}

void PrintError(const absl::Status& status) {
  const ErrorDetails details = DetailsOf(status);
  std::string message = PrintableLine(OneLine(UserMessage(status)));
  if (message.empty()) {
    message = absl::StrCat(absl::StatusCodeToString(status.code()), ", without a message");
  }
  std::cerr << "fairway: " << message;
  if (!details.reason.empty()) std::cerr << " (" << PrintableLine(details.reason) << ")";
  std::cerr << "\n";
  for (const FieldViolation& violation : details.field_violations) {
    if (Says(status.message(), violation)) continue;
    std::cerr << "  " << PrintableLine(violation.field) << ": "
              << PrintableLine(violation.description) << "\n";
  }
}

}  // namespace fairway::cli
