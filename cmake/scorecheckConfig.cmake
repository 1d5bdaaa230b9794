# find_package(scorecheck): targets scorecheck::shared and scorecheck::static.
include(${CMAKE_CURRENT_LIST_DIR}/Dependencies.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/scorecheckTargets.cmake)
target_link_libraries(scorecheck::static INTERFACE scorecheck_arb)
