"""Holds samples/Cluster against the tool: samples.py FOLDER HELP-OF-SILO HELP-OF-ANALYZE. Says what does not fit, a line each, and ends with 1 where something does not."""
import pathlib
import re
import sys

import yaml

folder, silo_help, analyze_help = (pathlib.Path(argument) for argument in sys.argv[1:])
wrong = []


def check(fits, what):
    if not fits:
        wrong.append(what)


options = {name: set(re.findall(r"(?m)^  (--[a-z-]+)", file.read_text())) for name, file in (("silo", silo_help), ("analyze", analyze_help))}
defaults = dict(re.findall(r"(?m)^  (--[a-z-]+) .*\[default: ([^\]]*)\]", silo_help.read_text()))
ports = {int(defaults["--port"]), int(defaults["--gateway-port"]), int(defaults["--http"].rsplit(":", 1)[1])}


def check_command(words, where):
    command = next((word for word in words if word in options), None)
    check(command, f"{where}: no command of the tool in {words}")
    for word in words:
        check(not word.startswith("--") or word in options[command or "silo"], f"{where}: the tool has no {word}")
    return command


def values(words, option):
    return [words[i + 1] for i, word in enumerate(words[:-1]) if word == option]


# the image
dockerfile = (folder / "Dockerfile").read_text()
program = re.search(r'ENTRYPOINT \["([^"]+)"\]', dockerfile).group(1)
check(f"COPY --from=tool {pathlib.Path(program).parent} {pathlib.Path(program).parent}" in dockerfile and f"--tool-path {pathlib.Path(program).parent} " in dockerfile, "Dockerfile: the program is not where it is installed")
check(pathlib.Path(program).name == "nbnssim-cluster", "Dockerfile: another program")
user = int(re.search(r"(?m)^USER (\d+)$", dockerfile).group(1))

# Compose
compose = yaml.safe_load((folder / "compose.yaml").read_text())
check(set(compose) <= {"services", "networks", "volumes"}, f"compose.yaml: {set(compose)}")
for name, service in compose["services"].items():
    where = f"compose.yaml, {name}"
    check("image" in service or service.get("build") == ".", f"{where}: no image")
    check(set(service["networks"]) <= set(compose["networks"]), f"{where}: a network that is not there")
    check(set(service.get("depends_on", [])) <= set(compose["services"]), f"{where}: depends on what is not there")
    check("ports" not in service, f"{where}: a port is open to others")
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        check(source in compose["volumes"] or source.startswith(("$", ".", "/")), f"{where}: the volume {source} is not there")
    if service.get("build"):
        check(service["environment"]["NBNSSIM_REDIS"].startswith("redis:6379,password=$"), f"{where}: {service['environment']}")
        check(any(volume.endswith(":/shared") for volume in service["volumes"]), f"{where}: nothing is shared")
check(all(network.get("internal") for network in compose["networks"].values()), "compose.yaml: a network that leads outside")
words = compose["services"]["silo"]["entrypoint"][-1].split()
check(program in words, f"compose.yaml: starts {words}")
check_command(words[words.index(program):], "compose.yaml, silo")
check(values(words, "--http") == [f"0.0.0.0:{sorted(ports)[0]}"], "compose.yaml: another port for /health than the tool's own")

# Kubernetes
documents = list(yaml.safe_load_all((folder / "kubernetes.yaml").read_text()))
known = {"PersistentVolumeClaim": "v1", "Service": "v1", "StatefulSet": "apps/v1", "Deployment": "apps/v1", "NetworkPolicy": "networking.k8s.io/v1"}
for document in documents:
    check(known.get(document["kind"]) == document["apiVersion"] and document["metadata"]["namespace"] == "nbnssim", f"kubernetes.yaml: {document['kind']} {document['metadata']}")
by_kind = {document["kind"]: document for document in documents}
claims = {by_kind["PersistentVolumeClaim"]["metadata"]["name"]}
for kind in ("StatefulSet", "Deployment"):
    spec = by_kind[kind]["spec"]
    pod = spec["template"]["spec"]
    labels = spec["template"]["metadata"]["labels"]
    check(spec["selector"]["matchLabels"] == labels, f"kubernetes.yaml, {kind}: selects others")
    there = {volume["name"] for volume in pod.get("volumes", [])} | {claim["metadata"]["name"] for claim in spec.get("volumeClaimTemplates", [])}
    check({volume.get("persistentVolumeClaim", {}).get("claimName") for volume in pod.get("volumes", [])} <= claims, f"kubernetes.yaml, {kind}: claims what is not there")
    for container in pod["containers"]:
        check({mount["name"] for mount in container["volumeMounts"]} <= there, f"kubernetes.yaml, {kind}: mounts what is not there")
        for variable in container["env"]:
            if secret := variable.get("valueFrom", {}).get("secretKeyRef"):
                check(secret == {"name": "redis", "key": "password"}, f"kubernetes.yaml, {kind}: another secret than the one that is made")
service = by_kind["Service"]
check(service["spec"]["selector"] == by_kind["StatefulSet"]["spec"]["template"]["metadata"]["labels"] and by_kind["StatefulSet"]["spec"]["serviceName"] == service["metadata"]["name"], "kubernetes.yaml: the service is not Redis'")
pod = by_kind["Deployment"]["spec"]["template"]["spec"]
check(pod.get("securityContext", {}).get("fsGroup") == user, "kubernetes.yaml: the shared volume is not writable for the image's user")
silo = pod["containers"][0]
check_command(silo["args"], "kubernetes.yaml, silo")
check({port["containerPort"] for port in silo["ports"]} == ports, f"kubernetes.yaml: ports other than the tool's own {ports}")
environment = {variable["name"]: variable.get("value") for variable in silo["env"]}
for value in [*silo["args"], *filter(None, environment.values())]:
    check(set(re.findall(r"\$\((\w+)\)", value)) <= set(environment), f"kubernetes.yaml: {value} names a variable that is not there")
check(list(environment).index("REDIS_PASSWORD") < list(environment).index("NBNSSIM_REDIS"), "kubernetes.yaml: a variable is named before it is there")
for probe in ("readinessProbe", "livenessProbe"):
    check(silo[probe]["httpGet"]["path"] == "/health" and silo[probe]["httpGet"]["port"] in ports, f"kubernetes.yaml: {probe}")

# the README
readme = (folder / "README.md").read_text()
for service, arguments in re.findall(r"docker compose run --rm (\w+) (.*)", readme):
    check(service in compose["services"], f"README.md: no service {service}")
    check_command(arguments.split(), "README.md")
for arguments in re.findall(r"(?m)(?:^| )nbnssim-cluster (silo .*|analyze .*)$", readme):
    check_command(arguments.split(), "README.md")
for service in re.findall(r"--scale (\w+)=", readme):
    check(service in compose["services"], f"README.md: no service {service}")

print("\n".join(wrong) or f"{len(documents)} manifests, {len(compose['services'])} services")
sys.exit(1 if wrong else 0)
