#include "services/cli/server_words.h"

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "libs/domain/error_details.h"

namespace fairway::cli {
namespace {

struct Word {
  absl::string_view field;
  absl::string_view option;
};

constexpr Word kWords[] = {
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

// The name of a field that begins here; "" when none does.
absl::string_view NameAt(absl::string_view text) {
  size_t size = 0;
  while (size < text.size() && IsNamePart(text[size])) ++size;
  while (size > 0 && text[size - 1] == '.') --size;
  return text.substr(0, size);
}

absl::string_view OptionOf(absl::string_view name) {
  for (const Word& word : kWords) {
    if (word.field == name) return word.option;
  }
  return name;
}

// What stands in quotes was typed by somebody and stays.
std::string WithOptions(absl::string_view text) {
  std::string words;
  bool quoted = false;
  while (!text.empty()) {
    const absl::string_view name = quoted ? "" : NameAt(text);
    if (!name.empty()) {
      absl::StrAppend(&words, OptionOf(name));
      text.remove_prefix(name.size());
      continue;
    }
    if (text[0] == '"') quoted = !quoted;
    words.push_back(text[0]);
    text.remove_prefix(1);
  }
  return words;
}

}  // namespace

std::string MessageForPeople(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  const absl::string_view message = status.message();
  if (reason == "BATCH_END_MISSING") {
    return "the connection was lost before the end of the upload arrived; nothing was stored";
  }
  if (reason == "BATCH_HAS_INVALID_ROWS") {
    // Where the others are depends on the command.
    return std::string(message.substr(0, message.find("; ListBatchErrors")));
  }
  return WithOptions(message);
}

}  // namespace fairway::cli
