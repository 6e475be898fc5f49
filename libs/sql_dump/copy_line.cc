#include "libs/sql_dump/copy_line.h"

#include <utf8.h>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/sql_dump/escapes.h"

namespace fairway::sql_dump {
namespace {

// Takes the escape behind a backslash at `position`.
absl::Status AppendEscape(absl::string_view raw, size_t& position, const ClientEncoding& encoding,
                          std::string& text) {
  const auto digits = [&](int base, size_t most) {
    const size_t start = position;
    while (position < raw.size() && position - start < most && IsDigitOf(base, raw[position])) {
      ++position;
    }
    return raw.substr(start, position - start);
  };
  const char c = raw[position];
  if (c == '.') return absl::InvalidArgumentError("\\. within a row");
  if (IsDigitOf(8, c)) {
    text.push_back(static_cast<char>(ValueOf(digits(8, 3), 8)));
  } else if (c == 'x' && position + 1 < raw.size() && IsDigitOf(16, raw[position + 1])) {
    ++position;
    text.push_back(static_cast<char>(ValueOf(digits(16, 2), 16)));
  } else {
    ++position;
    const char control = ControlOf(c);
    if (control != '\0') {
      text.push_back(control);
    } else if (!AppendAsUtf8(encoding, static_cast<unsigned char>(c), text)) {
      return absl::InvalidArgumentError(
          "a character that the dump's client_encoding does not have");
    }
    return absl::OkStatus();
  }
  if (text.back() != '\0') return absl::OkStatus();
  return absl::InvalidArgumentError("an escape stands for NUL, which no text may hold");
}

absl::Status ReadField(absl::string_view raw, const ClientEncoding& encoding, Field& field) {
  field.text.clear();
  field.is_number = false;
  field.is_null = raw == "\\N";
  if (field.is_null) return absl::OkStatus();
  if (raw.find('\\') == absl::string_view::npos && !encoding.table) {
    field.text.assign(raw.data(), raw.size());
  } else {
    for (size_t i = 0; i < raw.size();) {
      if (raw[i] == '\\' && i + 1 < raw.size()) {
        RETURN_IF_ERROR(AppendEscape(raw, ++i, encoding, field.text));
      } else if (!AppendAsUtf8(encoding, static_cast<unsigned char>(raw[i++]), field.text)) {
        return absl::InvalidArgumentError(
            "a character that the dump's client_encoding does not have");
      }
    }
  }
  if (utf8::is_valid(field.text.begin(), field.text.end())) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "not UTF-8, as the dump's client_encoding says; make it anew with pg_dump --encoding=UTF8");
}

// Where the field that begins at `start` ends: at a tab that no backslash escapes.
size_t EndOfField(absl::string_view line, size_t start) {
  for (size_t i = start; i < line.size(); ++i) {
    if (line[i] == '\t') return i;
    if (line[i] == '\\') ++i;
  }
  return line.size();
}

}  // namespace

absl::Status ReadCopyLine(absl::string_view line, const ClientEncoding& encoding,
                          size_t column_count, std::vector<Field>& fields) {
  constexpr absl::string_view kForbidden("\r\0", 2);
  if (line.find_first_of(kForbidden) != absl::string_view::npos) {
    return absl::InvalidArgumentError("a bare carriage return or NUL, where COPY writes \\r");
  }
  size_t count = 0;
  for (size_t start = 0; start <= line.size(); ++count) {
    const size_t end = EndOfField(line, start);
    if (count < column_count) {
      if (fields.size() <= count) fields.emplace_back();
      RETURN_IF_ERROR(ReadField(line.substr(start, end - start), encoding, fields[count]));
    }
    start = end + 1;
  }
  if (count == column_count) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(count, " fields where the COPY names ", column_count, " columns"));
}

bool GoesOnBehindLineBreak(absl::string_view line) {
  size_t backslashes = 0;
  while (backslashes < line.size() && line[line.size() - 1 - backslashes] == '\\') ++backslashes;
  return backslashes % 2 == 1;
}

}  // namespace fairway::sql_dump
