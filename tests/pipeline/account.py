"""What an account has before Fairway is in it."""

import urllib.parse


class Refused(Exception):
    """An error reply: code, text."""


class Account:
    def __init__(self):
        self.signed_in = True
        self.buckets = {}  # name to its settings, by the name of each; None: another account's

    # Operations, by their names.

    def GetCallerIdentity(self, _):
        if not self.signed_in:
            raise Refused("ExpiredToken", "The security token included in the request is expired")
        return {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/test", "UserId": "1"}

    # Of S3: a bucket's settings, each by what stands in the query of its URL.

    def bucket(self, method, url, body):
        """The reply to a request for a bucket or one of its settings: its status and XML."""
        name, setting = urllib.parse.unquote(url.path.strip("/")), url.query.split("=")[0].split("&")[0]
        if method == "PUT" and not setting:
            if name in self.buckets:
                raise Refused("BucketAlreadyExists" if self.buckets[name] is None else "BucketAlreadyOwnedByYou", name)
            self.buckets[name] = {"location": body}
        elif name not in self.buckets:
            raise Refused("NoSuchBucket", "The specified bucket does not exist")
        elif self.buckets[name] is None:
            raise Refused("AccessDenied", "Access Denied")
        elif method == "PUT":
            self.buckets[name][setting] = body
        return self.buckets[name].get(setting, "<VersioningConfiguration/>")
