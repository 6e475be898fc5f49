#include "libs/http/curl_client.h"

#include <curl/curl.h>

#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace fairway::http {
namespace {

// What the callbacks of one transfer fill and look at.
struct Transfer {
  Response response;
  size_t bytes_max = 0;
  bool too_long = false;
  bool has_all_headers = false;
  std::stop_token stop;
};

size_t OnBody(char* data, size_t size, size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  const size_t bytes = size * count;
  transfer.too_long = transfer.response.body.size() + bytes > transfer.bytes_max;
  if (transfer.too_long) return 0;
  transfer.response.body.append(data, bytes);
  return bytes;
}

size_t OnHeader(char* data, size_t size, size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  auto& response = transfer.response;
  const absl::string_view line(data, size * count);
  // Interim answers (100 Continue) have headers, too; the last status line counts.
  if (line.substr(0, 5) == "HTTP/") response.headers.clear();
  transfer.has_all_headers = line == "\r\n";
  const size_t colon = line.find(':');
  if (colon != absl::string_view::npos) {
    response.headers[absl::AsciiStrToLower(line.substr(0, colon))] =
        std::string(absl::StripAsciiWhitespace(line.substr(colon + 1)));
  }
  return line.size();
}

int OnProgress(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Transfer*>(context)->stop.stop_requested() ? 1 : 0;
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

HeaderList MakeHeaders(const Request& request) {
  HeaderList list;
  const auto add = [&](absl::string_view name, absl::string_view value) {
    curl_slist* longer = curl_slist_append(list.get(), absl::StrCat(name, ": ", value).c_str());
    if (longer == nullptr) return;
    static_cast<void>(list.release());  // Appending keeps the list, but for an empty one.
    list.reset(longer);
  };
  for (const auto& [name, value] : request.headers) add(name, value);
  if (request.signing_key && !request.signing_key->session_token.empty()) {
    add("x-amz-security-token", request.signing_key->session_token);
  }
  return list;
}

void SetSigning(CURL* curl, const SigningKey& key) {
  const std::string scope = absl::StrCat("aws:amz:", key.region, ":s3");
  curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, scope.c_str());
  curl_easy_setopt(curl, CURLOPT_USERNAME, key.access_key_id.c_str());
  curl_easy_setopt(curl, CURLOPT_PASSWORD, key.secret_access_key.c_str());
}

void SetMethod(CURL* curl, const Request& request) {
  if (request.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET") {
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
  }
}

void SetTransport(CURL* curl, const CurlOptions& options) {
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);  // "a/../b" is a key, not a way.
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "fairway");
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(absl::ToInt64Milliseconds(options.connect_timeout)));
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME,
                   static_cast<long>(absl::ToInt64Seconds(options.stall_timeout)));
  if (!options.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());
}

void SetCallbacks(CURL* curl, Transfer& transfer, char* error) {
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, OnBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, OnHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, OnProgress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
}

absl::Status StatusOf(CURLcode code, const Transfer& transfer, const char* error) {
  const std::string message = *error != '\0' ? error : curl_easy_strerror(code);
  switch (code) {
    case CURLE_OK:
      return absl::OkStatus();
    case CURLE_ABORTED_BY_CALLBACK:
      return absl::CancelledError("stopped");
    case CURLE_WRITE_ERROR:
      if (transfer.too_long) return absl::UnavailableError("the answer is longer than expected");
      return absl::UnavailableError(message);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return absl::FailedPreconditionError(message);
    default:
      return absl::UnavailableError(message);
  }
}

}  // namespace

struct CurlClient::Handle {
  Handle() {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    curl = curl_easy_init();
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    curl_easy_cleanup(curl);
    curl_global_cleanup();
  }

  CURL* curl = nullptr;
};

CurlClient::CurlClient(CurlOptions options)
    : options_(std::move(options)), handle_(std::make_unique<Handle>()) {}

CurlClient::~CurlClient() = default;

absl::StatusOr<Response> CurlClient::Send(const Request& request, const std::stop_token& stop) {
  CURL* const curl = handle_->curl;
  Transfer transfer;
  transfer.bytes_max = request.response_bytes_max;
  transfer.stop = stop;
  std::array<char, CURL_ERROR_SIZE> error = {};
  const HeaderList headers = MakeHeaders(request);
  curl_easy_reset(curl);  // Options only; connections stay open.
  SetTransport(curl, options_);
  SetCallbacks(curl, transfer, error.data());
  SetMethod(curl, request);
  if (request.signing_key) SetSigning(curl, *request.signing_key);
  if (request.is_local) curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  const absl::Status status = StatusOf(curl_easy_perform(curl), transfer, error.data());
  if (!status.ok()) return status;
  // To libcurl an answer may end there.
  if (!transfer.has_all_headers) return absl::UnavailableError("cut inside of the headers");
  long code = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
  transfer.response.status = static_cast<int>(code);
  return std::move(transfer.response);
}

}  // namespace fairway::http
