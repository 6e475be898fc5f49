"""What an account has before Fairway is in it, and what AWS lets it have: as much as a preflight looks at."""

import urllib.parse

PROVIDER = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
GENEROUS = 1000.0


class Refused(Exception):
    """An error reply: code, text."""


def copies(names):
    """Things with the tag of the copy each belongs to; None: of another system."""
    return [{"Tags": [{"Key": "Copy", "Value": name}] if name else []} for name in names]


def of_ec2(things):
    """The same as EC2 writes it."""
    return [{"tagSet": [{key.lower(): value for key, value in tag.items()} for tag in thing["Tags"]]} for thing in things]


class Account:
    def __init__(self):
        self.signed_in = True
        self.unreachable = set()  # operations that fail for a reason nobody expected
        self.zones = {"eu-west-1a": "available", "eu-west-1b": "available", "eu-west-1c": "available"}
        self.quotas = {}  # code to value, of those that somebody asked for; GENEROUS is everybody's
        self.defaults = {}
        self.vpcs, self.addresses, self.databases, self.clusters = [], [], [], []  # the copies they belong to
        self.load_balancers = []
        self.providers = {PROVIDER: ["sts.amazonaws.com"]}
        self.versions = {"postgres": ["14.20", "15.15", "15.9", "16.4"], "aurora-postgresql": ["15.10", "15.12"]}
        self.offers = {}  # (engine, version, class) to its zones, where it is not all of them
        self.findings = {}  # a part of a policy to the findings of Access Analyzer: type, code
        self.buckets = {}  # name to its settings, by the name of each; None: another account's

    # Operations, by their names.

    def GetCallerIdentity(self, _):
        if not self.signed_in:
            raise Refused("ExpiredToken", "The security token included in the request is expired")
        return {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/test", "UserId": "1"}

    def DescribeAvailabilityZones(self, _):
        return {"availabilityZoneInfo": [{"zoneName": name, "zoneState": state} for name, state in self.zones.items()]}

    def DescribeVpcs(self, _):
        return {"vpcSet": of_ec2(copies(self.vpcs))}

    def DescribeAddresses(self, _):
        return {"addressesSet": of_ec2(copies(self.addresses))}

    def DescribeDBInstances(self, _):
        return {"DBInstances": [{"TagList": thing["Tags"]} for thing in copies(self.databases)]}

    def DescribeDBClusters(self, _):
        return {"DBClusters": [{"TagList": thing["Tags"]} for thing in copies(self.clusters)]}

    def DescribeLoadBalancers(self, _):
        return {"LoadBalancers": [{"LoadBalancerName": name, "Type": "network"} for name in self.load_balancers]}

    def GetServiceQuota(self, request):
        if request["QuotaCode"] not in self.quotas:
            raise Refused("NoSuchResourceException", "the specified quota does not exist")
        return {"Quota": {**request, "Value": self.quotas[request["QuotaCode"]]}}

    def GetAWSDefaultServiceQuota(self, request):
        return {"Quota": {**request, "Value": self.defaults.get(request["QuotaCode"], GENEROUS)}}

    def GetOpenIDConnectProvider(self, request):
        if request["OpenIDConnectProviderArn"] not in self.providers:
            raise Refused("NoSuchEntity", "OpenIDConnect Provider not found")
        return {"ClientIDList": self.providers[request["OpenIDConnectProviderArn"]]}

    def DescribeDBEngineVersions(self, request):
        return {"DBEngineVersions": [{"EngineVersion": version} for version in self.versions[request["Engine"]]]}

    def DescribeOrderableDBInstanceOptions(self, request):
        asked = request["Engine"], request["EngineVersion"], request["DBInstanceClass"]
        zones = self.offers.get(asked, self.zones)
        return {"OrderableDBInstanceOptions": [{"AvailabilityZones": [{"Name": zone} for zone in zones]}] if zones else []}

    def ValidatePolicy(self, request):
        found = [finding for part, findings in self.findings.items() if part in request["policyDocument"] for finding in findings]
        return {"findings": [{"findingType": kind, "issueCode": code, "findingDetails": "because", "learnMoreLink": "https://docs",
                              "locations": []} for kind, code in found]}

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
