#include "libs/sql_dump/session_settings.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace fairway::sql_dump {
namespace {

bool IsReadOnlySwitch(absl::string_view name) {
  return name == "default_transaction_read_only" || name == "transaction_read_only";
}

bool IsWatched(absl::string_view name) {
  return name == "search_path" || name == "client_encoding" ||
         name == "standard_conforming_strings" || IsReadOnlySwitch(name);
}

absl::Status ReadOnlyError() {
  return absl::InvalidArgumentError("READ ONLY: PostgreSQL does not store the rows behind this");
}

// 'a, "B c"' as the setting search_path has it.
std::vector<std::string> SplitPath(absl::string_view text) {
  std::vector<std::string> names(1);
  bool is_quoted = false;
  for (const char c : text) {
    if (c == '"') {
      is_quoted = !is_quoted;
    } else if (c == ',' && !is_quoted) {
      names.emplace_back();
    } else if (is_quoted || !absl::ascii_isspace(static_cast<unsigned char>(c))) {
      names.back().push_back(is_quoted ? c : absl::ascii_tolower(static_cast<unsigned char>(c)));
    }
  }
  return names;
}

std::vector<std::string> TakeValues(Cursor& cursor) {
  std::vector<std::string> values;
  do {
    values.push_back(cursor.Take().text);
  } while (cursor.TakeSymbol(','));
  return values;
}

// As PostgreSQL reads it: "f" is off.
std::optional<bool> ReadSwitch(absl::string_view value) {
  constexpr size_t kOnOffBytesMin = 2;
  if (value.empty()) return std::nullopt;
  for (const auto& [word, is_on] :
       {std::pair("true", true), std::pair("yes", true), std::pair("on", true),
        std::pair("1", true), std::pair("false", false), std::pair("no", false),
        std::pair("off", false), std::pair("0", false)}) {
    const bool is_clear = value[0] != 'o' || value.size() >= kOnOffBytesMin;
    if (is_clear && absl::StartsWith(word, value)) return is_on;
  }
  return std::nullopt;
}

}  // namespace

void SessionSettings::Reset() {
  mode_ = {};
  SetSearchPath(default_search_path_);
}

absl::Status SessionSettings::NoteDefaults(const Statement& statement) {
  Cursor cursor(statement);
  cursor.TakeWord("alter");
  const bool is_role = cursor.TakeWord("role") || cursor.TakeWord("user");
  const bool is_one_role = is_role && !cursor.Peek().IsWord("all");
  while (!cursor.AtEnd() && !cursor.Peek().IsWord("set") && !cursor.Peek().IsWord("reset")) {
    cursor.Take();
  }
  const bool is_reset = cursor.Take().IsWord("reset");
  const std::string name = absl::AsciiStrToLower(cursor.Take().text);
  if (name == "search_path") default_search_path_.clear();
  if (name == "client_encoding" || name == "standard_conforming_strings") {
    return absl::InvalidArgumentError(absl::StrCat("another default of ", name, " is not read"));
  }
  if (!IsReadOnlySwitch(name) || is_one_role || is_reset) return absl::OkStatus();
  cursor.Take();  // TO, or an equals sign.
  return Set(name, {cursor.Take().text});
}

absl::Status SessionSettings::ApplySet(Cursor cursor) {
  const bool is_local = cursor.TakeWord("local");
  if (!is_local) cursor.TakeWord("session");
  std::string name = absl::AsciiStrToLower(cursor.TakeName().value_or(""));
  if (name == "names") {
    name = "client_encoding";
  } else if (name == "schema" && cursor.Peek().kind == TokenKind::kString) {
    name = "search_path";
  } else if (!cursor.TakeWord("to") && !cursor.TakeSymbol('=')) {
    return absl::OkStatus();
  }
  if (!IsWatched(name)) return absl::OkStatus();
  if (is_local && !IsReadOnlySwitch(name)) {
    return absl::InvalidArgumentError(absl::StrCat("SET LOCAL ", name, " is not read"));
  }
  const bool is_default = cursor.AtEnd() || cursor.Peek().IsWord("default");
  return Set(name, is_default ? std::vector<std::string>() : TakeValues(cursor));
}

absl::Status SessionSettings::ApplyReset(Cursor cursor) {
  const std::string name = absl::AsciiStrToLower(cursor.TakeName().value_or(""));
  if (name == "all") Reset();
  return IsWatched(name) ? Set(name, {}) : absl::OkStatus();
}

absl::Status SessionSettings::ApplySetConfig(Cursor cursor) {
  const Token& name = cursor.Take();
  if (name.kind != TokenKind::kString) {
    return absl::InvalidArgumentError("set_config of a setting whose name is computed");
  }
  const std::string setting = absl::AsciiStrToLower(name.text);
  if (!IsWatched(setting)) return absl::OkStatus();
  cursor.TakeSymbol(',');
  const Token& value = cursor.Take();
  const bool is_plain = value.kind == TokenKind::kString && cursor.TakeSymbol(',') &&
                        cursor.TakeWord("false") && cursor.TakeSymbol(')') && cursor.AtEnd();
  if (!is_plain) return absl::InvalidArgumentError(absl::StrCat("this way to set ", setting));
  if (setting == "search_path") {
    SetSearchPath(SplitPath(value.text));
    return absl::OkStatus();
  }
  return Set(setting, {value.text});
}

absl::Status SessionSettings::Set(absl::string_view name, const std::vector<std::string>& values) {
  if (name == "search_path") {
    SetSearchPath(values.empty() ? default_search_path_ : values);
  } else if (name == "standard_conforming_strings") {
    const auto is_on = ReadSwitch(values.empty() ? "on" : absl::AsciiStrToLower(values[0]));
    if (!is_on) return absl::InvalidArgumentError(absl::StrCat(name, " is neither on nor off"));
    mode_.backslash_escapes = !*is_on;
  } else if (IsReadOnlySwitch(name)) {
    const bool is_off = values.empty() || values[0] == "default" ||
                        ReadSwitch(absl::AsciiStrToLower(values[0])) == false;
    return is_off ? absl::OkStatus() : ReadOnlyError();
  } else {
    return SetEncoding(values.empty() ? "UTF8" : values[0]);
  }
  return absl::OkStatus();
}

absl::Status SessionSettings::SetEncoding(absl::string_view name) {
  std::optional<ClientEncoding> encoding = FindClientEncoding(name);
  if (!encoding) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the client_encoding ", name, " is not read; make the dump with pg_dump --encoding=UTF8"));
  }
  mode_.encoding = *std::move(encoding);
  return absl::OkStatus();
}

void SessionSettings::SetSearchPath(const std::vector<std::string>& schemas) {
  search_path_.clear();
  user_place_.reset();
  for (const std::string& schema : schemas) {
    if (schema == "$user") {
      if (!user_place_) user_place_ = search_path_.size();
    } else if (!schema.empty() && schema != "pg_catalog") {
      search_path_.push_back(schema);
    }
  }
}

bool SessionSettings::IsUserBefore(absl::string_view schema) const {
  if (!user_place_) return false;
  const auto user = search_path_.begin() + static_cast<std::ptrdiff_t>(*user_place_);
  return std::find(search_path_.begin(), user, schema) == user;
}

absl::Status CheckTransactionMode(const Statement& statement) {
  for (size_t i = 1; i < statement.tokens.size(); ++i) {
    if (statement.tokens[i - 1].IsWord("read") && statement.tokens[i].IsWord("only")) {
      return ReadOnlyError();
    }
  }
  return absl::OkStatus();
}

}  // namespace fairway::sql_dump
