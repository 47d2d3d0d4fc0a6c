/* A host with lwIP's NetBIOS name service on a tap interface: lwip ADDRESS NETMASK NAME. The interface is named by the environment (PRECONFIGURED_TAPIF), as lwIP's unix
   port has it. It runs until it is ended, and prints "ready" once the name is answered for. */
#include <stdio.h>
#include <unistd.h>
#include "lwip/apps/netbiosns.h"
#include "lwip/netif.h"
#include "lwip/tcpip.h"
#include "netif/tapif.h"

static struct netif interface;
static ip4_addr_t address, netmask, gateway;
static const char *name;

static void started(void *unused)
{
    (void)unused;
    netif_add(&interface, &address, &netmask, &gateway, NULL, tapif_init, tcpip_input);
    netif_set_default(&interface);
    netif_set_up(&interface);
    netbiosns_init();
    netbiosns_set_name(name);
    puts("ready");
    fflush(stdout);
}

int main(int count, char **arguments)
{
    if (count != 4 || !ip4addr_aton(arguments[1], &address) || !ip4addr_aton(arguments[2], &netmask)) {
        fputs("usage: lwip ADDRESS NETMASK NAME\n", stderr);
        return 2;
    }
    name = arguments[3];
    ip4_addr_set_zero(&gateway);
    tcpip_init(started, NULL);
    for (;;)
        pause();
}
