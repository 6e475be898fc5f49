#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "libs/sql_dump/other_statement.h"

namespace fairway::sql_dump {
namespace {

constexpr std::array kHarmlessCommands = {"a", "echo",   "f",          "pset", "qecho", "restrict",
                                          "t", "timing", "unrestrict", "warn", "x"};

// A new connection, and with another name another database.
absl::Status Connect(const std::vector<std::string>& words, DumpState& state) {
  state.settings.Reset();
  if (state.transaction_line > 0) {
    return absl::InvalidArgumentError("\\connect in a transaction, which is rolled back by it");
  }
  std::string database = words.size() > 1 ? words.back() : "-";
  if (words.size() > 2 && !absl::StartsWith(words[1], "-reuse-previous")) database = words[1];
  if (database == "-") return absl::OkStatus();
  database.erase(std::remove_if(database.begin(), database.end(),
                                [](char c) { return c == '"' || c == '\''; }),
                 database.end());
  if (database == state.database) return absl::OkStatus();
  if (state.schemas.contains({database, "public"})) {
    return absl::InvalidArgumentError(
        absl::StrCat("\\connect goes back to ", database, ": databases that take turns"));
  }
  state.database = database;
  state.catalog = {};
  state.row_count = 0;
  state.has_cascades = false;
  return absl::OkStatus();
}

// As psql reads it; a value that it does not understand leaves the variable as it was, which is not
// known here: psql may have been started with it.
bool IsOff(const std::vector<std::string>& words) {
  if (words.size() < 3) return false;
  const std::string value =
      absl::AsciiStrToLower(absl::StripSuffix(absl::StripPrefix(words[2], "'"), "'"));
  return value == "off" || value == "false" || value == "no" || value == "0";
}

// Variables of psql's own that change nothing about statements, and whose values psql checks;
// others may stand for parts of statements.
absl::Status SetVariable(const std::vector<std::string>& words, DumpState& state) {
  constexpr std::array kHarmlessVariables = {"ECHO",          "ECHO_HIDDEN",       "FETCH_COUNT",
                                             "ON_ERROR_STOP", "ON_ERROR_ROLLBACK", "QUIET",
                                             "SHOW_CONTEXT",  "VERBOSITY"};
  if (words.size() >= 2 && words[1] == "ON_ERROR_STOP") state.stops_on_error = !IsOff(words);
  const bool is_harmless =
      words.size() < 2 || std::find(kHarmlessVariables.begin(), kHarmlessVariables.end(),
                                    words[1]) != kHarmlessVariables.end();
  if (is_harmless) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("psql's \\set ", words[1], " is not read"));
}

// Whether the line does more than its first command: outside quotes a backslash begins another one,
// or ends the arguments so that SQL follows, and what stands between backticks is run by a shell.
bool GoesOn(absl::string_view line) {
  char quote = '\0';
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == '\0') {
      if (c == '\\' || c == '`') return true;
      if (c == '\'' || c == '"') quote = c;
    } else if (c == '\\' && quote == '\'') {
      ++i;
    } else if (c == quote) {
      quote = '\0';
    }
  }
  return false;
}

// Those that have no effect on rows, but may be refused by psql for their value.
bool MayCommandFail(const std::vector<std::string>& words) {
  const bool has_value = words.size() > 1 && words.back() != "on" && words.back() != "off";
  return has_value &&
         (words[0] == "pset" || words[0] == "t" || words[0] == "timing" || words[0] == "x");
}

}  // namespace

absl::Status ApplyMetaCommand(const Token& token, DumpState& state) {
  const std::vector<std::string> words =
      absl::StrSplit(token.text, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  const std::string command = words.empty() ? "" : words[0];
  if (GoesOn(token.text)) {
    return absl::InvalidArgumentError(
        absl::StrCat("psql's command \\", command, ": what its line does besides is not read"));
  }
  if (std::find(kHarmlessCommands.begin(), kHarmlessCommands.end(), command) !=
      kHarmlessCommands.end()) {
    if (MayCommandFail(words)) state.Doubt();
    return absl::OkStatus();
  }
  if (command == "connect" || command == "c") return Connect(words, state);
  if (command == "encoding" && words.size() == 2) return state.settings.SetEncoding(words[1]);
  if (command == "set") return SetVariable(words, state);
  return absl::InvalidArgumentError(absl::StrCat("psql's command \\", command, " is not read"));
}

}  // namespace fairway::sql_dump
